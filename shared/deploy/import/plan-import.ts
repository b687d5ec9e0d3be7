import { CertkeepError, errorMessage } from '#shared/errors.ts';
import { isWhole } from '#shared/keystores/key-store.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { type UsageExtensions, usageExtensionsOf } from '#shared/x509/extensions.ts';
import { newImportOf } from '../acm-import.ts';
import type { DeployContext } from '../context.ts';
import { notedArns } from '../rebind/note.ts';
import type { HeldCertificate } from './acm.ts';
import { decideImport, type ImportDecision, type ImportSituation } from './decide-import.ts';
import { isOfThis, markAt } from './mark.ts';
import { findVersion } from './new-import.ts';

/** The effects of an import, as far as ACM and the record tell. */
export type ImportPlan = {
  readonly decision: ImportDecision;
  /** The targets' certificate may take the version: that is decided once it was noted. */
  readonly isAdopting: boolean;
  /** The import may change what targets serve: the record must hold their present state before. */
  readonly changesWhatIsServed: boolean;
  /** The ARN to import onto, where it is known before the targets have been looked at. */
  readonly onto: string | null;
};

export async function planImport(
  run: DeployContext,
  record: CertificateRecord,
): Promise<ImportPlan> {
  const held = await heldHere(run, record);
  const decision = await decide(run, record, { held, foreign: [] });
  const isAdopting = held === null && run.certificate.adopt === 'in-place';
  // A test certificate, which clients do not trust, is checked against what each target serves.
  const isStaging = run.version.origin?.staging === true;
  return {
    decision,
    isAdopting,
    changesWhatIsServed: decision.outcome === 'reimport' || isAdopting || isStaging,
    onto: decision.outcome === 'reimport' ? decision.arn : null,
  };
}

/** Plans what binding would replace: with `adopt: in-place` its own ARN takes the new version. */
export async function planAdoption(run: DeployContext, plan: ImportPlan): Promise<ImportDecision> {
  const record = await run.mine.read();
  const arns = await notedArns(record, run);
  const held = await Promise.all(arns.map((arn) => adoptable(run, record, arn)));
  const foreign = held.filter((each) => each !== null);
  return foreign.length > 0 ? decide(run, record, { held: null, foreign }) : plan.decision;
}

async function heldHere(
  run: DeployContext,
  record: CertificateRecord,
): Promise<HeldCertificate | null> {
  const entry = record.imports[run.place];
  // An import whose answer was lost has created a certificate: it is found before another is created, or before the same
  // version goes onto an ARN as well.
  const unheard =
    entry && newImportOf(entry) === run.version.id ? await findVersion(run, run.version) : null;
  if (unheard) return unheard;
  if (!entry?.arn) return null;
  if (run.acm.holds(entry.arn)) return run.acm.describe(entry.arn, record.versions);
  logNotOurs(run, entry.arn);
  return null;
}

async function decide(
  run: DeployContext,
  record: CertificateRecord,
  { held, foreign }: Pick<ImportSituation, 'held' | 'foreign'>,
): Promise<ImportDecision> {
  const heldMark = held && (await markAt(run, held.arn));
  const isOurs = isOfThis(heldMark);
  if (held && !isOurs) logNotOurs(run, held.arn);
  return decideImport({
    record,
    desired: run.version,
    held,
    heldMark,
    isOurs,
    place: run.place,
    foreign,
    adopt: run.certificate.adopt,
    ownResources: run.ownResources,
    storedVersions: await storedVersions(run, held),
    desiredUsages: await desiredUsages(run, held ? [held] : foreign),
    isSlow: run.targets.some(({ spread }) => spread?.reimportMs !== undefined),
    now: run.clock.now(),
  });
}

/** The record is wrong about this ARN: nothing is imported onto it, and a new ARN takes its place. */
function logNotOurs(run: DeployContext, arn: string): void {
  run.log.error('ARN of the record is not ours', {
    stage: 'import',
    certificate: run.certificate.id,
    outcome: 'ArnNotOurs',
    place: run.place,
    arn,
  });
}

/**
 * A certificate of another installation, or of another certificate here, is not adopted: it would be imported over again.
 */
async function adoptable(
  run: DeployContext,
  { versions }: CertificateRecord,
  arn: string,
): Promise<HeldCertificate | null> {
  return (await markAt(run, arn)) === 'others' ? null : run.acm.describe(arn, versions);
}

/** Their labels show that they exist: no key is read for it. */
async function storedVersions(
  run: DeployContext,
  held: HeldCertificate | null,
): Promise<readonly string[]> {
  if (!held || held.fingerprintSha256 === run.version.fingerprintSha256) return [];
  return run.keyStore.versions(run.certificate.id);
}

async function desiredUsages(
  run: DeployContext,
  candidates: readonly HeldCertificate[],
): Promise<UsageExtensions | null> {
  if (candidates.every((each) => each.hasKeyUsage && each.hasExtendedKeyUsage)) return null;
  const stored = await run.keyStore.readVersion(run.certificate.id, run.version.id);
  return isWhole(stored) ? usagesOf(run, stored.certificatePem) : null;
}

/** Somebody has changed the secret. */
function usagesOf({ version }: DeployContext, certificatePem: string): UsageExtensions {
  try {
    return usageExtensionsOf(certificatePem);
  } catch (cause) {
    const message = `version ${version.id} of the key store: ${errorMessage(cause)}`;
    throw new CertkeepError('KeyStoreUnreadable', message, { cause });
  }
}
