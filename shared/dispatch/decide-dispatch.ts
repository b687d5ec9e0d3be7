import { addMs, minuteMs } from '#shared/clock.ts';
import { urgentExecutions } from '#shared/limits.ts';
import { type Work, type Worker, workerOf } from '#shared/work.ts';
import { byNeed, type Piece, pieceKey, rankOf } from './piece.ts';
import type { SentBook, SentEntry } from './sent-book.ts';

/** How many seconds of work of a kind may be outstanding: what its runs can do until the next check. */
export type Capacity = Readonly<Record<Worker, number>>;

export type Dispatch = {
  /** Functions to start beside their queues. */
  readonly starts: readonly Piece[];
  /** Messages to send. */
  readonly sends: readonly Piece[];
  /** What is not sent, and why: it is under way, or there is more urgent work than can be done until the next check. */
  readonly waits: ReadonlyMap<string, string>;
  /** Keys of the book whose work nobody asks for any more. */
  readonly done: readonly string[];
};

/**
 * What is outstanding is done until the next check, or within the five receives of 300 s that a queue gives a message
 * that kills its runs. What is older is in the dead letters, or lost.
 */
const queuedLostAfterMs = 40 * minuteMs;
/** An asynchronous invocation does not wait for others. */
const startedLostAfterMs = 15 * minuteMs;
/** A message of the stage before, which nobody has counted. */
const handedOverLostAfterMs = 5 * minuteMs;

/**
 * What to send now, so that work is sent once: again only when a run has looked at it since, when it must be lost, or
 * when it has become more urgent. Pure.
 */
export function decideDispatch(
  pieces: readonly Piece[],
  { sent }: Pick<SentBook, 'sent'>,
  given: {
    readonly now: Date;
    readonly capacity: Capacity;
    /** Whether the pieces are of all certificates; otherwise what is in the book of others stays as it is. */
    readonly isWhole: boolean;
  },
): Dispatch {
  const { now, isWhole } = given;
  const wanted = new Set(pieces.map(pieceKey));
  const others = Object.keys(sent).filter((key) => !wanted.has(key));
  const left: Record<Worker, number> = { ...given.capacity };
  let startsLeft: number = urgentExecutions;
  const waits = new Map<string, string>();

  function countOutstanding(worker: Worker, { seconds, isStarted }: Counted): void {
    left[worker] -= seconds;
    if (isStarted) startsLeft -= 1;
  }

  for (const key of isWhole ? [] : others) {
    const entry = sent[key];
    if (entry && !isLost(entry, now)) countOutstanding(workerOfKey(key), entry);
  }
  const due: Piece[] = [];
  for (const piece of pieces) {
    const key = pieceKey(piece);
    const underWay = underWaySince(piece, sent[key], now);
    if (underWay === null) {
      due.push(piece);
      continue;
    }
    waits.set(key, underWay);
    countOutstanding(
      workerOf(piece.work),
      sent[key] ?? { seconds: piece.seconds, isStarted: false },
    );
  }

  const starts: Piece[] = [];
  const sends: Piece[] = [];
  for (const piece of due.toSorted(byNeed)) {
    const worker = workerOf(piece.work);
    if (piece.urgency === 'urgent' && startsLeft > 0) {
      startsLeft -= 1;
      starts.push(piece);
    } else if (left[worker] > 0) {
      left[worker] -= piece.seconds;
      sends.push(piece);
    } else {
      waits.set(pieceKey(piece), 'it waits for its turn: as much as can be done is under way');
    }
  }
  return { starts, sends, waits, done: isWhole ? others : [] };
}

type Counted = Pick<SentEntry, 'seconds' | 'isStarted'>;

function workerOfKey(key: string): Worker {
  return workerOf({ kind: key.slice(0, key.indexOf(':')) as Work['kind'] });
}

/** Why it is not to be sent again, null where it is. */
function underWaySince(piece: Piece, entry: SentEntry | undefined, now: Date): string | null {
  if (piece.isHeld) return 'a run is at it';
  const handedOverAt = piece.handedOverAt;
  if (entry && rankOf(piece.urgency) < rankOf(entry.urgency)) return null;
  if (entry && !hasLooked(piece, new Date(entry.at)) && !isLost(entry, now)) {
    return `it was sent at ${entry.at}`;
  }
  if (!handedOverAt || hasLooked(piece, handedOverAt)) return null;
  if (addMs(handedOverAt, handedOverLostAfterMs) <= now) return null;
  return `it was handed over at ${handedOverAt.toISOString()}`;
}

/** A run that ended at the very moment may have been the one before: one message too many is better than none. */
function hasLooked({ lookedAt }: Piece, since: Date): boolean {
  return lookedAt !== null && lookedAt >= since;
}

function isLost({ at, isStarted }: SentEntry, now: Date): boolean {
  return addMs(new Date(at), isStarted ? startedLostAfterMs : queuedLostAfterMs) <= now;
}

/** The book after what was sent; `current` may be another one than the decision was made on. */
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
