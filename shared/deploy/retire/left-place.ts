import { withHistory } from '#shared/ledger/record/history.ts';
import type { AcmImport, CertificateRecord } from '#shared/ledger/record/record.ts';
import { withImport } from '../run.ts';

/** Deleted, or not ours: neither the ARN nor the targets that had it are of any concern any more. */
export function withoutArn(
  record: CertificateRecord,
  place: string,
  arn: string,
): CertificateRecord {
  const entry = record.imports[place];
  if (!entry) return record;
  const none = { arn: null, versionId: null, importing: null, previousVersionId: null };
  const retired = entry.retired.filter((each) => each.arn !== arn);
  const deployments = Object.entries(record.deployments).filter(
    ([, each]) => each.place !== place || each.arn !== arn,
  );
  return {
    ...withImport(record, place, { ...entry, ...(entry.arn === arn && none), retired }),
    deployments: Object.fromEntries(deployments),
  };
}

/** Nothing of ours is left there. */
export function withoutPlace(
  record: CertificateRecord,
  place: string,
  now: Date,
): CertificateRecord {
  const { [place]: _left, ...imports } = record.imports;
  const others = Object.entries(record.deployments).filter(([, each]) => each.place !== place);
  return withHistory(
    { ...record, imports, deployments: Object.fromEntries(others) },
    {
      at: now.toISOString(),
      stage: 'import',
      what: `nothing of ours is left in ${place}`,
      why: 'the place is retired',
    },
  );
}

/** As it is where the place has no entry. */
export function withEntry(
  record: CertificateRecord,
  place: string,
  change: Partial<AcmImport>,
): CertificateRecord {
  const entry = record.imports[place];
  return entry ? withImport(record, place, { ...entry, ...change }) : record;
}
