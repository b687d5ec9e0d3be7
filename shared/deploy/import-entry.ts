import { withHistory } from '#shared/ledger/history.ts';
import type { AcmImport, CertificateRecord } from '#shared/ledger/record.ts';
import { type DeployRun, type PlaceRun, updateRun, withImport } from './run.ts';

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

/** The ARN still holds, or holds again, an older version of ours; without one it is not ours at all. */
export function withVersionAt(
  record: CertificateRecord,
  run: DeployRun,
  versionId: string | null,
  why: string,
): CertificateRecord {
  const before = entryOf(record, run);
  const arn = versionId ? before.arn : null;
  const entry = { ...before, arn, versionId, importing: null, previousVersionId: null };
  return withHistory(withImport(record, run.place, entry), {
    at: run.clock.now().toISOString(),
    stage: 'import',
    what: versionId ? `${arn} holds version ${versionId}` : `${before.arn} is not ours`,
    why,
  });
}

/** To be deleted once the ARN in use is proven, if it is ours and nothing uses it. */
export function withRetired(
  record: CertificateRecord,
  run: PlaceRun,
  arn: string,
): CertificateRecord {
  const entry = entryOf(record, run);
  const lookAgainAt = run.clock.now().toISOString();
  const others = entry.retired.filter((retired) => retired.arn !== arn);
  return withImport(record, run.place, { ...entry, retired: [...others, { arn, lookAgainAt }] });
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
