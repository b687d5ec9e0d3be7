import { CertkeepError } from '#shared/errors.ts';
import * as acmImport from '../acm-import.ts';
import type { DeployContext } from '../context.ts';
import type { ImportDecision } from './decide-import.ts';
import { importMaterial } from './import-material.ts';
import { tellOverwritten } from './look-alike.ts';
import { disown, takeOver } from './mark.ts';
import { importNew } from './new-import.ts';
import { type ImportPlan, planAdoption } from './plan-import.ts';

/**
 * Brings the desired version into ACM of the place and returns the ARN that holds it. It can be repeated from any point: an
 * import of an earlier run is found by its fingerprint and our tags, and used.
 * @throws CertkeepError ImportRefused, ImportQuotaReached, ImportLaneFull, NewerCertificateHeld, Service…
 */
export async function importVersion(run: DeployContext, plan: ImportPlan): Promise<string> {
  const decision = plan.isAdopting ? await planAdoption(run, plan) : plan.decision;
  const arn = await carryOut(run, decision);
  run.log.info('certificate held', {
    stage: 'import',
    certificate: run.certificate.id,
    outcome: decision.outcome,
    reason: decision.reason,
    arn,
    serial: run.version.serial,
  });
  return arn;
}

async function carryOut(run: DeployContext, decision: ImportDecision): Promise<string> {
  switch (decision.outcome) {
    case 'already-there':
      await settle(run, decision.arn);
      return decision.arn;
    case 'reimport':
      return reimport(run, decision);
    case 'new-import':
      return importNew(run);
    case 'newer-there':
      throw new CertkeepError('NewerCertificateHeld', decision.reason);
  }
}

type Reimport = Extract<ImportDecision, { outcome: 'reimport' }>;

async function reimport(run: DeployContext, decision: Reimport): Promise<string> {
  const { arn, isAdopted } = decision;
  await writeReimportIntent(run, decision);
  // A certificate that was adopted before the tag existed gets it now.
  const isInPlace = isAdopted || run.certificate.adopt === 'in-place';
  if (isInPlace && !(await takeOver(run, arn))) {
    return importElsewhere(run, decision, 'another certificate has taken it');
  }
  const where = { arn, tags: {}, isNewlyTagged: isAdopted };
  const result = await importMaterial(run, run.version, where);
  if (result.outcome === 'new-arn-needed') {
    if (isAdopted) await disown(run, arn);
    return importElsewhere(run, decision, result.detail);
  }
  await settle(run, arn);
  if (decision.isOverwritten) await tellOverwritten(run, arn);
  return arn;
}

async function writeReimportIntent(
  run: DeployContext,
  { arn, previousVersionId, reason }: Reimport,
): Promise<void> {
  const at = run.clock.now();
  const begun = { arn, versionId: run.version.id, previousVersionId, why: reason, at };
  await run.mine.update((record) => acmImport.reimportBegun(record, run.place, begun));
}

async function importElsewhere(
  run: DeployContext,
  { isAdopted, previousVersionId }: Reimport,
  why: string,
): Promise<string> {
  const at = run.clock.now();
  await run.mine.update((record) =>
    isAdopted
      ? acmImport.notAdopted(record, run.place, { why, at })
      : acmImport.heldAsBefore(record, run.place, { versionId: previousVersionId, why, at }),
  );
  return importNew(run);
}

async function settle(run: DeployContext, arn: string): Promise<void> {
  const settled = { arn, versionId: run.version.id, at: run.clock.now() };
  await run.mine.update((record) => acmImport.settled(record, run.place, settled));
}
