import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import type { Change, LeasedRecord } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';
import { isPastDeadline, withLastWord } from '#shared/time/deadline.ts';
import { keepIfPossible } from './keep.ts';

/** What a run has reached, written into the record a few facts at a time: what is lost with a run is found out again. */
export type Notes = {
  add(change: Change): Promise<void>;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
};

/** An order that is small is not written down more often for it. */
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

/** When a run begins nothing more: what is left of its time is for what it has begun, and for its last words. */
export type RunEnd = { readonly clock: Clock; readonly waitUntil: Date };

export function isOver({ clock, waitUntil }: RunEnd): boolean {
  return clock.now() >= waitUntil;
}

/** Before each piece of work that the next run can begin as well. @throws CertkeepError RunOutOfTime */
export function stopIfOver(run: RunEnd): void {
  if (isOver(run)) throw outOfTime('the run had to end');
}

/** What others need for a step is waited for in this run where so much is left of it, and else in the next one. */
export const worthWaitingMs = 30 * secondMs;

/** The same before a piece of work that takes so long. @throws CertkeepError RunOutOfTime */
export function stopUnlessLeft({ clock, waitUntil }: RunEnd, ms: number): void {
  stopIfOver({ clock, waitUntil: addMs(waitUntil, -ms) });
}

/** Whether the run had no time for more, by its own clock or by its deadline. */
export function hasNoTime(error: unknown): boolean {
  return isCertkeepError(error, 'RunOutOfTime') || isPastDeadline(error);
}

export function outOfTime(why: string, cause?: unknown): CertkeepError {
  return new CertkeepError('RunOutOfTime', why, { cause });
}

/** How far the acquiring has come, as one comparable text: each step of an order changes it, waiting and failing do not. */
export function progressOf({ attempt, txt, desired }: CertificateRecord): string {
  if (!attempt) return JSON.stringify([desired, txt]);
  const { id, orderUrl, keyStored, csr, checked, settled } = attempt;
  return JSON.stringify([desired, txt, id, orderUrl, keyStored, csr, checked, settled]);
}
