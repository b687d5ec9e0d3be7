import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { TxtIntent } from '#shared/ledger/record/record.ts';
import type { ChallengeValue, Solver } from '#shared/solvers/solver.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { withLastWord } from '#shared/time/deadline.ts';
import type { Acquisition } from '../acquisition.ts';
import { isOver, type Notes, notesOf } from '../progress.ts';
import { whyNotOurs } from './own-values.ts';
import { zoneOf } from './values.ts';

type CleanUp = Pick<
  Acquisition,
  'mine' | 'solvers' | 'dns' | 'log' | 'clock' | 'waitUntil' | 'onCut'
> & {
  /** Has no names if it left the configuration. */
  readonly certificate: { readonly id: string; readonly names?: readonly string[] };
};

/**
 * Removes published challenge values and, only when they are gone, their intents from the ledger, some at a time; the next
 * run removes what this one has no time for. An intent that cannot be ours is dropped and its value left alone. It never
 * blocks an issuance: a failure is logged, the intent stays, and a later run tries again.
 */
export async function removeTxt(
  acquisition: CleanUp,
  which: (intent: TxtIntent) => boolean,
): Promise<void> {
  const { certificate, log, mine } = acquisition;
  const notes = notesOf(acquisition);
  try {
    // An update without a change reads the present record.
    const { txt } = await mine.read();
    for (const records of Map.groupBy(txt.filter(which), zoneOf).values()) {
      if (isOver(acquisition)) acquisition.onCut();
      else await removeFrom(acquisition, records, notes);
    }
    await withLastWord(notes.flush);
  } catch (error) {
    log.warn('clean-up of challenge values failed; a later run tries again', {
      stage: 'issue',
      certificate: certificate.id,
      reason: errorMessage(error),
    });
  }
}

async function removeFrom(
  acquisition: CleanUp,
  all: readonly TxtIntent[],
  notes: Notes,
): Promise<void> {
  const { certificate, solvers, log } = acquisition;
  const first = all[0] as TxtIntent;
  const left = new Set<TxtIntent>();
  try {
    const solver = solvers.byKey(first.solver);
    if (!solver) {
      throw new CertkeepError(
        'SolverMissing',
        `the solver ${first.solver} has left the configuration; name it under retired.solvers until its values are gone`,
      );
    }
    const records = await oursAmong(acquisition, solver, all);
    for (const intent of records) left.add(intent);
    if (records.length === 0) return;
    await solver.remove(first.zoneId, records, { isOver: () => isOver(acquisition), done: gone });
    if (left.size > 0) acquisition.onCut();
    log.info('challenge values removed', {
      stage: 'issue',
      certificate: certificate.id,
      zone: first.zoneId,
      values: records.length - left.size,
      left: left.size,
    });
  } catch (error) {
    log.warn('challenge values stay for now; a later run tries again', {
      stage: 'issue',
      certificate: certificate.id,
      zone: first.zoneId,
      outcome: errorName(error),
      reason: errorMessage(error),
    });
  }

  async function gone(values: readonly ChallengeValue[]): Promise<void> {
    const removed = new Set(values.map(({ value }) => value));
    for (const intent of left) {
      if (!removed.has(intent.value)) continue;
      left.delete(intent);
      const key = keyOf(intent);
      await notes.add((record) => ({
        ...record,
        txt: record.txt.filter((each) => keyOf(each) !== key),
      }));
    }
  }
}

/** Somebody else has written the others: they leave the record, and the values that they name stay. */
async function oursAmong(
  acquisition: CleanUp,
  solver: Solver,
  all: readonly TxtIntent[],
): Promise<readonly TxtIntent[]> {
  const { certificate, log, mine } = acquisition;
  const foreign = new Map<TxtIntent, string>();
  for (const intent of all) {
    const why = await whyNotOurs(acquisition, solver, intent);
    if (why) foreign.set(intent, why);
  }
  const [first] = foreign;
  if (!first) return all;
  const [{ name, zoneId }, why] = first;
  log.error('challenge values in the record are not ours and are left alone', {
    stage: 'issue',
    certificate: certificate.id,
    values: foreign.size,
    zone: cleanText(zoneId, 300),
    name: cleanText(name, 300),
    reason: cleanText(why, 600),
  });
  const dropped = new Set([...foreign.keys()].map(keyOf));
  await mine.update((record) => ({
    ...record,
    txt: record.txt.filter((each) => !dropped.has(keyOf(each))),
  }));
  return all.filter((intent) => !foreign.has(intent));
}

function keyOf({ attemptId, zoneId, name, value }: TxtIntent): string {
  return [attemptId, zoneId, name, value].join(' ');
}
