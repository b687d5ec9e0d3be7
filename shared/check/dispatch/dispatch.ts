import { inBatches } from '#shared/each.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import type { FunctionStarter, Queues, Work, Worker } from '#shared/queues/work.ts';
import type { Clock } from '#shared/time/clock.ts';
import { type Capacity, type Dispatch, decideDispatch, withSent } from './decide-dispatch.ts';
import { messagesOf, type PiecesOfMessage } from './messages.ts';
import type { Piece } from './piece.ts';
import { emptySentBook, type SentBook } from './sent-book.ts';

export type DispatchPorts = {
  readonly sentBook: SharedObject<SentBook>;
  readonly queues: Queues<Work>;
  readonly functions: FunctionStarter;
  readonly capacity: Capacity;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
};

export type Dispatched = Pick<Dispatch, 'later' | 'waits'> & {
  /** What is known to be sent now; null where that could not be read or written. */
  readonly book: SentBook | null;
  /** What went wrong; the rest was done. */
  readonly failures: readonly unknown[];
};

/** SQS and Lambda answer in tens of milliseconds. */
const sideBySide = 16;

/**
 * Sends work that is due and not under way, then writes it down. In this order: after a run that dies in between, the work
 * is sent a second time, and nothing is lost.
 */
export async function dispatch(
  ports: DispatchPorts,
  pieces: readonly Piece[],
  asked: Pick<Parameters<typeof decideDispatch>[2], 'isAsked' | 'isWhole' | 'unread' | 'heldBack'>,
): Promise<Dispatched> {
  const { clock, queues, functions, sentBook } = ports;
  const now = clock.now();
  const known = await readBook(ports);
  const seen = known ?? emptySentBook;
  const { starts, sends, waits, later, done } = decideDispatch(pieces, seen, {
    now,
    capacity: ports.capacity,
    ...asked,
  });
  const failures: unknown[] = [];
  const { atOnce, executions } = ports.capacity;
  // Urgent work is started before there is a message that a run could take. Lambda does not say that it repeats a start, so
  // that a start with several certificates could die of the same one three times.
  const started = await succeeded(
    messagesOf(starts, () => 1),
    ({ message }) => functions.start(message),
    failures,
  );
  // Few certificates are shared among the runs, so that each has more of its run.
  const shared = (worker: Worker, count: number) =>
    Math.min(atOnce[worker], Math.ceil(count / executions[worker]));
  const queued = await succeeded(
    messagesOf(sends, shared),
    ({ message, why }) => queues.send(message, why),
    failures,
  );
  const sent = [
    ...started.map((piece) => ({ piece, isStarted: true })),
    ...queued.map((piece) => ({ piece, isStarted: false })),
  ];
  const change = (current: SentBook) => withSent(current, seen, done, sent, now);
  if (change(seen) === seen) return { book: known, later, waits, failures };
  const book = await sentBook.update(change).catch((error) => {
    failures.push(error);
    return null;
  });
  return { book, later, waits, failures };
}

/** Returns the pieces of messages that were accepted; the errors of others are added to `failures`. */
async function succeeded(
  messages: readonly PiecesOfMessage[],
  send: (message: PiecesOfMessage) => Promise<void>,
  failures: unknown[],
): Promise<readonly Piece[]> {
  const done = await inBatches(messages, sideBySide, async (each) => {
    try {
      await send(each);
      return each.pieces;
    } catch (error) {
      failures.push(error);
      return [];
    }
  });
  return done.flat();
}

/** The book is a hint: without it the most urgent work is sent once more. */
async function readBook({ sentBook, log }: DispatchPorts): Promise<SentBook | null> {
  try {
    return await sentBook.read();
  } catch (error) {
    const fields = { outcome: errorName(error), reason: errorMessage(error) };
    log.warn('what was sent is not known', { stage: 'check', ...fields });
    return null;
  }
}
