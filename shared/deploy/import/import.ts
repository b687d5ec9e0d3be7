import { CertkeepError, errorMessage } from '#shared/errors.ts';
import { managedTag } from '#shared/installation.ts';
import { isWhole } from '#shared/keystores/key-store.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { type UsageExtensions, usageExtensionsOf } from '#shared/x509/extensions.ts';
import * as acmImport from '../acm-import.ts';
import { notedArns } from '../rebind/note.ts';
import { type DeployRun, readRun, updateRun } from '../run.ts';
import { attemptTag, certificateTag, type HeldCertificate, isAcmArn } from './acm.ts';
import { decideImport, type ImportDecision, type ImportSituation } from './decide-import.ts';
import { findTwin, findVersion, importMaterial, readBackTries } from './import-material.ts';
import { tellOverwritten } from './look-alike.ts';
import { disown, isOfThis, markAt, takeOver } from './mark.ts';

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
 * from any point: what an earlier run imported is found by its fingerprint and our tags, and adopted.
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
  const heldMark = held && (await markAt(run, held.arn));
  if (held && !isOfThis(heldMark)) logNotOurs(run, held.arn);
  return decideImport({
    record,
    desired: run.version,
    held,
    heldMark,
    place: run.place,
    foreign,
    adopt: run.certificate.adopt,
    ownResources: run.ownResources,
    storedVersions: await storedVersions(run, held),
    desiredUsages: await desiredUsages(run, held ? [held] : foreign),
    now: run.clock.now(),
  });
}

async function heldHere(run: DeployRun, record: CertificateRecord) {
  const entry = record.imports[run.place];
  // An import whose answer nobody heard has made a certificate: it is found before another is made, or
  // before the same version goes onto an ARN as well.
  const unheard =
    entry && acmImport.newImportOf(entry) === run.version.id
      ? await findVersion(run, run.version, readBackTries)
      : null;
  if (unheard) return unheard;
  if (!entry?.arn) return null;
  if (isAcmArn(entry.arn)) return run.acm.describe(entry.arn, record.versions);
  logNotOurs(run, entry.arn);
  return null;
}

/** What the record says of it is not true: it is not imported onto, and a new ARN takes its place. */
function logNotOurs(run: DeployRun, arn: string): void {
  run.log.error('ARN of the record is not ours', {
    stage: 'import',
    certificate: run.certificate.id,
    outcome: 'ArnNotOurs',
    place: run.place,
    arn,
  });
}

/** What binding would replace: with `adopt: in-place` its own ARN takes the new version. */
async function foreignHeld(run: DeployRun, record: CertificateRecord) {
  if (run.certificate.adopt !== 'in-place') return [];
  const arns = (await notedArns(record, run)).filter(isAcmArn);
  const held = await Promise.all(arns.map((arn) => adoptable(run, record, arn)));
  return held.filter((each) => each !== null);
}

/** What another installation manages, or another certificate has, is not adopted: it would be imported over again. */
async function adoptable(
  run: DeployRun,
  { versions }: CertificateRecord,
  arn: string,
): Promise<HeldCertificate | null> {
  return (await markAt(run, arn)) === 'others' ? null : run.acm.describe(arn, versions);
}

/** Their labels say that they are there: no key is read for it. */
async function storedVersions(
  run: DeployRun,
  held: HeldCertificate | null,
): Promise<readonly string[]> {
  if (!held || held.fingerprintSha256 === run.version.fingerprintSha256) return [];
  return run.keyStore.versions(run.certificate.id);
}

async function desiredUsages(
  run: DeployRun,
  candidates: readonly HeldCertificate[],
): Promise<UsageExtensions | null> {
  if (candidates.every((each) => each.hasKeyUsage && each.hasExtendedKeyUsage)) return null;
  const stored = await run.keyStore.readVersion(run.certificate.id, run.version.id);
  return isWhole(stored) ? usagesOf(run, stored.certificatePem) : null;
}

/** Somebody has written to the secret. */
function usagesOf({ version }: DeployRun, certificatePem: string): UsageExtensions {
  try {
    return usageExtensionsOf(certificatePem);
  } catch (cause) {
    const message = `version ${version.id} of the key store: ${errorMessage(cause)}`;
    throw new CertkeepError('KeyStoreUnreadable', message, { cause });
  }
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
  const { arn, isAdopted } = decision;
  await writeReimportIntent(run, decision);
  // Of what was adopted before there was a tag for it, it is set now.
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

async function importElsewhere(
  run: DeployRun,
  { isAdopted, previousVersionId }: Extract<ImportDecision, { outcome: 'reimport' }>,
  why: string,
): Promise<string> {
  const at = run.clock.now();
  await updateRun(run, (record) =>
    isAdopted
      ? acmImport.notAdopted(record, run.place, { why, at })
      : acmImport.heldAsBefore(record, run.place, { versionId: previousVersionId, why, at }),
  );
  return importNew(run);
}

async function writeReimportIntent(
  run: DeployRun,
  { arn, previousVersionId, reason }: Extract<ImportDecision, { outcome: 'reimport' }>,
): Promise<void> {
  const at = run.clock.now();
  const begun = { arn, versionId: run.version.id, previousVersionId, why: reason, at };
  await updateRun(run, (record) => acmImport.reimportBegun(record, run.place, begun));
}

async function importNew(run: DeployRun): Promise<string> {
  const found = await findVersion(run, run.version, 1);
  if (found) {
    await settle(run, found.arn);
    return found.arn;
  }
  const begun = { versionId: run.version.id, at: run.clock.now() };
  await updateRun(run, (record) => acmImport.newImportBegun(record, run.place, begun));
  const tags = {
    [certificateTag]: run.certificate.id,
    [attemptTag]: run.version.id,
    [managedTag]: run.installation,
  };
  const result = await importMaterial(run, run.version, { arn: null, tags });
  if (result.outcome !== 'imported') throw new CertkeepError('ImportRefused', result.detail);
  await settle(run, result.arn);
  const twin = await findTwin(run, run.version, result.arn);
  if (twin) {
    const found = { arn: twin.arn, at: run.clock.now() };
    await updateRun(run, (record) => acmImport.twinFound(record, run.place, found));
  }
  return result.arn;
}

async function settle(run: DeployRun, arn: string): Promise<void> {
  const settled = { arn, versionId: run.version.id, at: run.clock.now() };
  await updateRun(run, (record) => acmImport.settled(record, run.place, settled));
}
