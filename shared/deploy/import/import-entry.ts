import { withHistory } from '#shared/ledger/record/history.ts';
import type { AcmImport, CertificateRecord } from '#shared/ledger/record/record.ts';
import { type DeployRun, type PlaceRun, updateRun, withImport } from '../run.ts';

/** The import is done: the ARN holds the desired version. An ARN used before stays until this one is proven. */
export async function settle(run: DeployRun, arn: string): Promise<void> {
  const now = run.clock.now().toISOString();
  await updateRun(run, (record) => {
    const before = entryOf(record, run);
    const isSettled = before.arn === arn && before.versionId === run.version.id;
    if (isSettled && before.importing === null) return record;
    const others = before.retired.filter((retired) => retired.arn !== arn);
    const moved = before.arn !== null && before.arn !== arn;
    return withImport(record, run.place, {
      ...before,
      arn,
      versionId: run.version.id,
      importing: null,
      previousVersionId: moved ? null : before.previousVersionId,
      retired: moved ? [...others, { arn: before.arn as string, lookAgainAt: now }] : others,
      importedAt: now,
    });
  });
}

/** It could not be adopted. */
export function withoutAdopted(
  record: CertificateRecord,
  run: DeployRun,
  why: string,
): CertificateRecord {
  const before = entryOf(record, run);
  const entry = { ...before, arn: null, versionId: null, importing: null, previousVersionId: null };
  return withHistory(withImport(record, run.place, entry), {
    at: run.clock.now().toISOString(),
    stage: 'import',
    what: `${before.arn} is not ours`,
    why,
  });
}

/** The ARN still holds, or holds again, an older version of ours; null where the record has lost that one. */
export function withVersionAt(
  record: CertificateRecord,
  run: DeployRun,
  versionId: string | null,
  why: string,
): CertificateRecord {
  const before = entryOf(record, run);
  const entry = { ...before, versionId, importing: null, previousVersionId: null };
  return withHistory(withImport(record, run.place, entry), {
    at: run.clock.now().toISOString(),
    stage: 'import',
    what: versionId ? `${before.arn} holds version ${versionId}` : `${before.arn} is as it was`,
    why,
  });
}

/** Nobody was ever told of it. */
const neverUsed = new Date(0).toISOString();

/** A second ARN of one import: to be deleted once the one in use is proven, if it is ours and nothing uses it. */
export function withRetired(
  record: CertificateRecord,
  run: PlaceRun,
  arn: string,
): CertificateRecord {
  const entry = entryOf(record, run);
  const lookAgainAt = run.clock.now().toISOString();
  const others = entry.retired.filter((retired) => retired.arn !== arn);
  const twin = { arn, lookAgainAt, unusedSince: neverUsed };
  return withImport(record, run.place, { ...entry, retired: [...others, twin] });
}

/** The version whose first import is under way, and may have made a certificate that nobody heard of. */
export function newImportOf({ arn, versionId, importing }: AcmImport): string | null {
  // A re-import names its ARN and no version in its intent.
  return arn === null || versionId !== null ? importing : null;
}

export function entryOf(record: CertificateRecord, run: PlaceRun): AcmImport {
  return (
    record.imports[run.place] ?? {
      arn: null,
      versionId: null,
      importing: null,
      previousVersionId: null,
      retired: [],
      importedAt: run.clock.now().toISOString(),
      publishedArn: null,
      publishFailure: null,
      leaving: null,
    }
  );
}
