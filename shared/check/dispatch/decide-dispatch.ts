import { urgentExecutions } from '#shared/limits.ts';
import { type Work, type Worker, workerOf } from '#shared/queues/work.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { byNeed, type Piece, pieceKey, rankOf } from './piece.ts';
import type { SentBook, SentEntry } from './sent-book.ts';

export type Capacity = {
  /** How many seconds of work of a kind may be outstanding: as much as its runs can do until the next check. */
  readonly seconds: Readonly<Record<Worker, number>>;
  /** The number of certificates that one run works on side by side. */
  readonly atOnce: Readonly<Record<Worker, number>>;
  /** The number of its runs at once. */
  readonly executions: Readonly<Record<Worker, number>>;
};

export type Dispatch = {
  /** Functions to start directly, without their queues. */
  readonly starts: readonly Piece[];
  /** Messages to send. */
  readonly sends: readonly Piece[];
  /**
   * Work that is not sent, with the reason: it is under way, or there is more urgent work than can be done until the next
   * check.
   */
  readonly waits: ReadonlyMap<string, string>;
  /** The keys of those for which there was no room: nothing else keeps them from being sent. */
  readonly later: ReadonlySet<string>;
  /** Keys of the book whose work no record needs any more. */
  readonly done: readonly string[];
};

/**
 * Outstanding work is done until the next check, or within the five receives of 300 s that a queue gives a message that
 * kills its runs (infra/parts/queues.ts). Older work is in the dead letters, or lost.
 */
const queuedLostAfterMs = 40 * minuteMs;
/** An asynchronous invocation does not wait for others. */
const startedLostAfterMs = 15 * minuteMs;
/** A run is over by then: it may take 150 s. */
const longestRunMs = 160 * secondMs;
/**
 * The previous stage sent a message of its own, which is not in the book. Work that is not routine is soon sent once more.
 */
const handedOverLostAfterMs = { routine: queuedLostAfterMs, other: 5 * minuteMs } as const;
/** A time further in the future is not believed: clocks differ by less. */
const clockSkewMs = minuteMs;

type Given = {
  readonly now: Date;
  readonly capacity: Capacity;
  /** True if a person has named the certificates: then work is only held back while a run works on it. */
  readonly isAsked: boolean;
  /** True if the pieces cover all certificates, so that the book may forget work that none of them needs. */
  readonly isWhole: boolean;
  /** Certificates whose records could not be read: the book remembers the work that was sent for them. */
  readonly unread?: ReadonlySet<string>;
  /** Work that is needed and may not be sent now: the book remembers it. */
  readonly heldBack?: readonly Piece[];
};

/**
 * Decides what to send now, so that work is sent once: again only when a run has looked at it since, when it must be lost,
 * or when it has become more urgent. Pure.
 */
export function decideDispatch(
  pieces: readonly Piece[],
  { sent }: Pick<SentBook, 'sent'>,
  given: Given,
): Dispatch {
  const wanted = new Set(pieces.map(pieceKey));
  const room = roomBeside(sent, wanted, given);
  const waits = new Map<string, string>();
  const due: Piece[] = [];
  const queued: Piece[] = [];
  for (const piece of pieces) {
    const key = pieceKey(piece);
    const underWay = underWaySince(piece, sent[key], given);
    if (underWay === null) {
      due.push(piece);
      continue;
    }
    waits.set(key, underWay);
    room.take(workerOf(piece.work), sent[key] ?? { seconds: piece.seconds, isStarted: false });
    const isQueued = sent[key] !== undefined && !sent[key].isStarted && !piece.isHeld;
    if (piece.urgency === 'urgent' && isQueued) queued.push(piece);
  }
  const starts: Piece[] = [];
  const sends: Piece[] = [];
  const later = new Set<string>();
  for (const piece of due.toSorted(byNeed)) {
    if (piece.urgency === 'urgent' && room.takeStart()) starts.push(piece);
    else if (room.takeMessage(piece)) sends.push(piece);
    else later.add(pieceKey(piece));
  }
  for (const key of later) waits.set(key, waitsForTurn);
  // Work that could not be started in the previous round, for want of room.
  for (const piece of queued.toSorted(byNeed)) {
    if (!room.takeStart()) break;
    starts.push(piece);
    waits.delete(pieceKey(piece));
  }
  return { starts, sends, waits, later, done: doneOf(sent, wanted, given) };
}

/** For people. */
export const waitsForRun = 'a run is at it';
export const waitsForTurn = 'it waits for its turn: as much as can be done is under way';

function doneOf(
  sent: SentBook['sent'],
  wanted: ReadonlySet<string>,
  given: Given,
): readonly string[] {
  const kept = new Set(unseen(sent, given));
  return Object.keys(sent).filter((key) => !wanted.has(key) && !kept.has(key));
}

/** Returns keys whose work may be needed although no piece says so. */
function unseen(
  sent: SentBook['sent'],
  { isWhole, heldBack = [], unread }: Given,
): readonly string[] {
  const keys = Object.keys(sent);
  if (!isWhole) return keys;
  const ofUnread = unread?.size ? keys.filter((key) => unread.has(certificateOfKey(key))) : [];
  return [...heldBack.map(pieceKey), ...ofUnread];
}

/** Returns a text that is no certificate id for work of a place. */
function certificateOfKey(key: string): string {
  return key.split(':', 2)[1] ?? '';
}

/** Returns the capacity that is left beside the work of certificates that were not looked at. */
function roomBeside(sent: SentBook['sent'], wanted: ReadonlySet<string>, given: Given) {
  const { now } = given;
  const left: Record<Worker, number> = { ...given.capacity.seconds };
  let startsLeft: number = urgentExecutions;

  function take(worker: Worker, { seconds, isStarted }: Counted): void {
    if (isStarted) startsLeft -= 1;
    else left[worker] -= seconds;
  }

  for (const key of unseen(sent, given).filter((each) => !wanted.has(each))) {
    const entry = sent[key];
    // This cannot see whether a started run is over.
    if (!entry || isLost(entry, now, entry.isStarted ? longestRunMs : queuedLostAfterMs)) continue;
    take(workerOfKey(key), entry);
  }
  return {
    take,
    takeStart(): boolean {
      startsLeft -= 1;
      return startsLeft >= 0;
    },
    takeMessage({ work, seconds }: Piece): boolean {
      const worker = workerOf(work);
      if (left[worker] <= 0) return false;
      left[worker] -= seconds;
      return true;
    },
  };
}

type Counted = Pick<SentEntry, 'seconds' | 'isStarted'>;

function workerOfKey(key: string): Worker {
  return workerOf({ kind: key.slice(0, key.indexOf(':')) as Work['kind'] });
}

/** Returns why the work must not be sent again, null where it may be. */
function underWaySince(
  piece: Piece,
  entry: SentEntry | undefined,
  { now, isAsked }: Given,
): string | null {
  // A run that is started while another works on it asks for one more afterwards.
  const isNewlyUrgent = piece.urgency === 'urgent' && entry?.urgency !== 'urgent';
  if (piece.isHeld && !isNewlyUrgent) return waitsForRun;
  if (isAsked || (entry && rankOf(piece.urgency) < rankOf(entry.urgency))) return null;
  if (entry && !hasLooked(piece, new Date(entry.at))) {
    const afterMs = entry.isStarted ? startedLostAfterMs : queuedLostAfterMs;
    if (!isLost(entry, now, afterMs)) return `it was sent at ${entry.at}`;
  }
  return wasHandedOver(piece, now);
}

function wasHandedOver(piece: Piece, now: Date): string | null {
  const { handedOverAt, urgency } = piece;
  if (!handedOverAt || hasLooked(piece, handedOverAt)) return null;
  const afterMs = handedOverLostAfterMs[urgency === 'routine' ? 'routine' : 'other'];
  const at = handedOverAt.toISOString();
  return isLost({ at }, now, afterMs) ? null : `it was handed over at ${at}`;
}

/** If a run ended in the same millisecond, the work is sent once more. */
function hasLooked({ lookedAt }: Piece, since: Date): boolean {
  return lookedAt !== null && lookedAt >= since;
}

function isLost({ at }: Pick<SentEntry, 'at'>, now: Date, afterMs: number): boolean {
  const sentAt = new Date(at);
  return addMs(sentAt, afterMs) <= now || sentAt > addMs(now, clockSkewMs);
}

/** Returns the book after sending; `current` may differ from the book on which the decision was based. */
export function withSent(
  current: SentBook,
  seen: SentBook,
  done: readonly string[],
  sent: readonly { readonly piece: Piece; readonly isStarted: boolean }[],
  now: Date,
): SentBook {
  const isUnchanged = (key: string) => current.sent[key]?.at === seen.sent[key]?.at;
  const gone = new Set(done.filter((key) => current.sent[key] && isUnchanged(key)));
  if (gone.size === 0 && sent.length === 0) return current;
  const kept = Object.entries(current.sent).filter(([key]) => !gone.has(key));
  const added = sent.map(({ piece, isStarted }): [string, SentEntry] => {
    const { urgency, seconds } = piece;
    return [pieceKey(piece), { at: now.toISOString(), urgency, seconds, isStarted }];
  });
  return { ...current, sent: Object.fromEntries([...kept, ...added]) };
}
