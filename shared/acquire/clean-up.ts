import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { TxtIntent } from '#shared/ledger/record.ts';
import type { Acquisition } from './attempt.ts';

type CleanUp = Pick<Acquisition, 'ledger' | 'solvers' | 'log'> & {
  readonly certificate: { readonly id: string };
};

/**
 * Takes published challenge values away and, only when they are gone, their intents from the ledger.
 * Never blocks an issuance: a failure is logged, the intent stays, and a later run tries again.
 */
export async function removeTxt(
  acquisition: CleanUp,
  which: (intent: TxtIntent) => boolean,
): Promise<void> {
  const { certificate, ledger, log } = acquisition;
  try {
    // Writing nothing reads the record as it is now.
    const { txt } = await ledger.update(certificate.id, (record) => record);
    const gone: TxtIntent[] = [];
    for (const records of Map.groupBy(txt.filter(which), zoneOf).values()) {
      if (await removed(acquisition, records)) gone.push(...records);
    }
    if (gone.length === 0) return;
    const keys = new Set(gone.map(keyOf));
    await ledger.update(certificate.id, (record) => ({
      ...record,
      txt: record.txt.filter((intent) => !keys.has(keyOf(intent))),
    }));
  } catch (error) {
    log.warn('clean-up of challenge values failed; a later run tries again', {
      stage: 'issue',
      certificate: certificate.id,
      reason: errorMessage(error),
    });
  }
}

async function removed(
  { certificate, solvers, log }: CleanUp,
  records: readonly TxtIntent[],
): Promise<boolean> {
  const first = records[0] as TxtIntent;
  try {
    const solver = solvers.byKey(first.solver);
    if (!solver) {
      throw new CertkeepError(
        'SolverMissing',
        `the solver ${first.solver} has left the configuration; name it under retired.solvers until its values are gone`,
      );
    }
    await solver.remove(first.zoneId, records);
    return true;
  } catch (error) {
    log.warn('challenge values stay for now; a later run tries again', {
      stage: 'issue',
      certificate: certificate.id,
      zone: first.zoneId,
      outcome: errorName(error),
      reason: errorMessage(error),
    });
    return false;
  }
}

function zoneOf({ solver, zoneId }: TxtIntent): string {
  return `${solver} ${zoneId}`;
}

function keyOf({ attemptId, zoneId, name, value }: TxtIntent): string {
  return [attemptId, zoneId, name, value].join(' ');
}
