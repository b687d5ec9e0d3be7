import { type UsageExtensions, usageExtensionsOf } from '#shared/acquire/extensions.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { withHistory } from '#shared/ledger/history.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { attemptTag, certificateTag, type HeldCertificate, isAcmArn, managedTag } from './acm.ts';
import { askEndpoint, servedSerial } from './ask.ts';
import { decideImport, type ImportDecision, versionHeld } from './decide-import.ts';
import { entryOf, newImportOf, settle, withRetired, withVersionAt } from './import-entry.ts';
import { findTwin, findVersion, importMaterial, readBackTries } from './import-material.ts';
import { withIntent } from './intent.ts';
import { type DeployRun, isBound, type Look, readRun, updateRun, withImport } from './run.ts';

/**
 * Brings the desired version into ACM of the place and returns the ARN that holds it. Can be repeated
 * from any point: what an earlier run imported is found by its serial and adopted.
 * @throws CertkeepError ImportRefused, ImportQuotaReached, ImportLaneFull, NewerCertificateHeld, Service…
 */
export async function importVersion(run: DeployRun, looks: readonly Look[]): Promise<string> {
  const record = await readRun(run);
  const held = await heldHere(run, record);
  const foreign = held ? [] : await foreignHeld(run, looks);
  const decision = decideImport({
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
  const arn = await carryOut(run, looks, decision);
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
async function foreignHeld(run: DeployRun, looks: readonly Look[]) {
  if (run.certificate.adopt !== 'in-place') return [];
  const arns = new Set(looks.map(({ view }) => view.replacedArn).filter((arn) => arn !== null));
  const held = await Promise.all([...arns].filter(isAcmArn).map((arn) => adoptable(run, arn)));
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

async function carryOut(
  run: DeployRun,
  looks: readonly Look[],
  decision: ImportDecision,
): Promise<string> {
  switch (decision.outcome) {
    case 'already-there':
      await settle(run, decision.arn);
      return decision.arn;
    case 'reimport':
      return reimport(run, looks, decision);
    case 'new-import':
      return importNew(run);
    case 'newer-there':
      throw new CertkeepError('NewerCertificateHeld', decision.reason);
  }
}

async function reimport(
  run: DeployRun,
  looks: readonly Look[],
  decision: Extract<ImportDecision, { outcome: 'reimport' }>,
): Promise<string> {
  const { arn, previousVersionId } = decision;
  await writeReimportIntent(run, looks, decision);
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

/** A re-import changes what every target that has the ARN serves: their way back is written down first. */
async function writeReimportIntent(
  run: DeployRun,
  looks: readonly Look[],
  { arn, previousVersionId, reason }: Extract<ImportDecision, { outcome: 'reimport' }>,
): Promise<void> {
  const notAfter = (await run.acm.describe(arn))?.notAfter?.toISOString() ?? null;
  const affected = await Promise.all(
    looks
      .filter(({ view }) => isBound(view, arn))
      .map(async ({ target, view }) => {
        const answers = await askEndpoint(run.probe, view.endpoint, run.version.names);
        const isAdded = view.replacedArn === null;
        return { key: target.key, baselineSerial: servedSerial(answers), isAdded };
      }),
  );
  const previous = { arn, versionId: previousVersionId, notAfter };
  const at = run.clock.now().toISOString();
  await updateRun(run, (record) => {
    const entry = { ...entryOf(record, run), arn, versionId: null, previousVersionId };
    const importing = withImport(record, run.place, { ...entry, importing: run.version.id });
    const changed = affected.reduce(
      (all, { key, ...seen }) => withIntent(all, run, key, { arn, previous, ...seen }),
      importing,
    );
    return withHistory(changed, {
      at,
      stage: 'import',
      what: `importing onto ${arn}`,
      why: reason,
    });
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
