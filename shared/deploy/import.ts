import { type UsageExtensions, usageExtensionsOf } from '#shared/acquire/extensions.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { withHistory } from '#shared/ledger/history.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { attemptTag, certificateTag, type HeldCertificate, isAcmArn, managedTag } from './acm.ts';
import {
  decideImport,
  type ImportDecision,
  type ImportSituation,
  versionHeld,
} from './decide-import.ts';
import { entryOf, newImportOf, settle, withRetired, withVersionAt } from './import-entry.ts';
import { findTwin, findVersion, importMaterial, readBackTries } from './import-material.ts';
import { notedArns } from './note.ts';
import { type DeployRun, readRun, updateRun, withImport } from './run.ts';

/** What an import would do, as far as ACM and the record say. */
export type ImportPlan = {
  /** What ACM holds at the ARN in the record. */
  readonly held: HeldCertificate | null;
  readonly decision: ImportDecision;
  /** It may change what targets serve: what they hold has to be in the record before it. */
  readonly changesWhatIsServed: boolean;
  /** The ARN that it goes onto, where that is known before the targets have been looked at. */
  readonly onto: string | null;
};

export async function planImport(run: DeployRun, record: CertificateRecord): Promise<ImportPlan> {
  const held = await heldHere(run, record);
  const decision = await decide(run, record, { held, foreign: [] });
  const isAdopting = held === null && run.certificate.adopt === 'in-place';
  // What clients do not trust is held to what each target serves.
  const isStaging = run.version.origin?.staging === true;
  return {
    held,
    decision,
    changesWhatIsServed: decision.outcome === 'reimport' || isAdopting || isStaging,
    onto: decision.outcome === 'reimport' ? decision.arn : null,
  };
}

/**
 * Brings the desired version into ACM of the place and returns the ARN that holds it. Can be repeated
 * from any point: what an earlier run imported is found by its serial and adopted.
 * @throws CertkeepError ImportRefused, ImportQuotaReached, ImportLaneFull, NewerCertificateHeld, Service…
 */
export async function importVersion(run: DeployRun, plan: ImportPlan): Promise<string> {
  const record = await readRun(run);
  const foreign = plan.held ? [] : await foreignHeld(run, record);
  const decision =
    foreign.length > 0 ? await decide(run, record, { held: null, foreign }) : plan.decision;
  const arn = await carryOut(run, decision);
  run.log.info('certificate in ACM', {
    stage: 'import',
    certificate: run.certificate.id,
    outcome: decision.outcome,
    reason: decision.reason,
    arn,
    serial: run.version.serial,
  });
  return arn;
}

async function decide(
  run: DeployRun,
  record: CertificateRecord,
  { held, foreign }: Pick<ImportSituation, 'held' | 'foreign'>,
): Promise<ImportDecision> {
  return decideImport({
    record,
    desired: run.version,
    held,
    foreign,
    adopt: run.certificate.adopt,
    ownResources: run.ownResources,
    storedVersions: await storedVersions(run, record, held),
    desiredUsages: await desiredUsages(run, held ? [held] : foreign),
    now: run.clock.now(),
  });
}

async function heldHere(run: DeployRun, record: CertificateRecord) {
  const entry = record.imports[run.place];
  // An import whose answer nobody heard has made a certificate: it is found before another is made, or
  // before the same version goes onto an ARN as well.
  const unheard =
    entry && newImportOf(entry) === run.version.id
      ? await findVersion(run, run.version, readBackTries)
      : null;
  if (unheard) return unheard;
  return entry?.arn ? run.acm.describe(entry.arn) : null;
}

/** What binding would replace: with `adopt: in-place` its own ARN takes the new version. */
async function foreignHeld(run: DeployRun, record: CertificateRecord) {
  if (run.certificate.adopt !== 'in-place') return [];
  const arns = notedArns(record, run).filter(isAcmArn);
  const held = await Promise.all(arns.map((arn) => adoptable(run, arn)));
  return held.filter((each) => each !== null);
}

/** What another installation manages is not adopted: it would import over ours again. */
async function adoptable(run: DeployRun, arn: string): Promise<HeldCertificate | null> {
  const owner = (await run.acm.tagsOf(arn))[managedTag];
  return owner === undefined || owner === run.installation ? run.acm.describe(arn) : null;
}

async function storedVersions(
  run: DeployRun,
  record: CertificateRecord,
  held: HeldCertificate | null,
): Promise<readonly string[]> {
  const version = held && versionHeld(record, held);
  if (!version || version.id === run.version.id) return [];
  const stored = await run.keyStore.readVersion(run.certificate.id, version.id);
  return stored?.certificatePem && stored.chainPem ? [version.id] : [];
}

async function desiredUsages(
  run: DeployRun,
  candidates: readonly HeldCertificate[],
): Promise<UsageExtensions | null> {
  if (candidates.every((each) => each.hasKeyUsage && each.hasExtendedKeyUsage)) return null;
  const stored = await run.keyStore.readVersion(run.certificate.id, run.version.id);
  return stored?.certificatePem ? usageExtensionsOf(stored.certificatePem) : null;
}

async function carryOut(run: DeployRun, decision: ImportDecision): Promise<string> {
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

async function reimport(
  run: DeployRun,
  decision: Extract<ImportDecision, { outcome: 'reimport' }>,
): Promise<string> {
  const { arn, previousVersionId } = decision;
  await writeReimportIntent(run, decision);
  const isAdopted = previousVersionId === null;
  // The right to import onto an ARN goes by our tag.
  if (isAdopted) await run.acm.addTags(arn, { [managedTag]: run.installation });
  const where = { arn, tags: {}, isNewlyTagged: isAdopted };
  const result = await importMaterial(run, run.version, where);
  if (result.outcome === 'new-arn-needed') {
    if (isAdopted) await disown(run, arn);
    await updateRun(run, (record) => withVersionAt(record, run, previousVersionId, result.detail));
    return importNew(run);
  }
  await settle(run, arn);
  return arn;
}

/**
 * With our tag our role could delete what stays somebody else's. What we have made ourselves says so in a tag
 * of its own, and keeps both. That it cannot be taken away stops no deploy.
 */
async function disown(run: DeployRun, arn: string): Promise<void> {
  try {
    if ((await run.acm.tagsOf(arn))[certificateTag] !== undefined) return;
    await run.acm.removeTag(arn, managedTag, run.installation);
  } catch (error) {
    if (deadlineSignal()?.aborted) throw error;
    run.log.warn('tag not removed', {
      stage: 'import',
      certificate: run.certificate.id,
      outcome: errorName(error),
      reason: errorMessage(error),
      arn,
    });
  }
}

/** A re-import changes what every target that has the ARN serves: their way back is in the record already. */
async function writeReimportIntent(
  run: DeployRun,
  { arn, previousVersionId, reason }: Extract<ImportDecision, { outcome: 'reimport' }>,
): Promise<void> {
  const at = run.clock.now().toISOString();
  await updateRun(run, (record) => {
    const entry = { ...entryOf(record, run), arn, versionId: null, previousVersionId };
    const importing = withImport(record, run.place, { ...entry, importing: run.version.id });
    const what = `importing onto ${arn}`;
    return withHistory(importing, { at, stage: 'import', what, why: reason });
  });
}

async function importNew(run: DeployRun): Promise<string> {
  const found = await findVersion(run, run.version, 1);
  if (found) {
    await settle(run, found.arn);
    return found.arn;
  }
  await updateRun(run, (record) =>
    withImport(record, run.place, { ...entryOf(record, run), importing: run.version.id }),
  );
  const tags = {
    [certificateTag]: run.certificate.id,
    [attemptTag]: run.version.id,
    [managedTag]: run.installation,
  };
  const result = await importMaterial(run, run.version, { arn: null, tags });
  if (result.outcome !== 'imported') throw new CertkeepError('ImportRefused', result.detail);
  await settle(run, result.arn);
  const twin = await findTwin(run, run.version, result.arn);
  if (twin) await updateRun(run, (record) => withRetired(record, run, twin.arn));
  return result.arn;
}
