import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import type { Change, LeasedRecord } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';
import { isPastDeadline, withLastWord } from '#shared/time/deadline.ts';
import { keepIfPossible } from './keep.ts';

/**
 * The progress of a run, written into the record a few facts at a time: a fact that is lost with a run is found out again.
 */
export type Notes = {
  add(change: Change): Promise<void>;
  /** Writes the facts that are not written yet. */
  flush(): Promise<void>;
};

/** A small order causes no additional writes for this. */
const mostUnwritten = 10;

export function notesOf({ mine }: { readonly mine: LeasedRecord }): Notes {
  let unwritten: readonly Change[] = [];

  async function flush(): Promise<void> {
    const changes = unwritten;
    await mine.updateAll(changes);
    unwritten = unwritten.slice(changes.length);
  }

  return {
    flush,
    async add(change) {
      unwritten = [...unwritten, change];
      if (unwritten.length >= mostUnwritten) await flush();
    },
  };
}

/** Writes the notes of work that ends early, past the run's deadline as well. */
export async function keepNotes(
  ports: { readonly log: Log; readonly certificate: { readonly id: string } },
  notes: Notes,
): Promise<void> {
  await keepIfPossible(ports, 'progress', () => withLastWord(notes.flush));
}

/** The time after which a run begins nothing more: the rest is for work in progress, and for its last words. */
export type RunEnd = { readonly clock: Clock; readonly waitUntil: Date };

export function isOver({ clock, waitUntil }: RunEnd): boolean {
  return clock.now() >= waitUntil;
}

/**
 * Called before each piece of work that the next run can begin as well.
 * @throws CertkeepError RunOutOfTime
 */
export function stopIfOver(run: RunEnd): void {
  if (isOver(run)) throw outOfTime('the run had to end');
}

/** A run waits for the work of others only if this much of its time is left, and otherwise leaves it to the next run. */
export const worthWaitingMs = 30 * secondMs;

/**
 * Checks the same before a piece of work that takes that long.
 * @throws CertkeepError RunOutOfTime
 */
export function stopUnlessLeft({ clock, waitUntil }: RunEnd, ms: number): void {
  stopIfOver({ clock, waitUntil: addMs(waitUntil, -ms) });
}

/** Says whether the run ran out of time, by its own clock or by its deadline. */
export function hasNoTime(error: unknown): boolean {
  return isCertkeepError(error, 'RunOutOfTime') || isPastDeadline(error);
}

export function outOfTime(why: string, cause?: unknown): CertkeepError {
  return new CertkeepError('RunOutOfTime', why, { cause });
}

/** Returns the progress of acquiring as a comparable text: each step of an order changes it, waiting and failing do not. */
export function progressOf({ attempt, txt, desired, rehearsed }: CertificateRecord): string {
  const tried = [rehearsed?.wish, rehearsed?.tries];
  if (!attempt) return JSON.stringify([desired, txt, tried]);
  const { id, orderUrl, keyStored, csr, checked, settled } = attempt;
  return JSON.stringify([desired, txt, tried, id, orderUrl, keyStored, csr, checked, settled]);
}
