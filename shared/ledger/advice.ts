import type { CertificateRecord, RenewalInfoState, Version } from './record/record.ts';

/** The advice about a version: none about another one. */
export function adviceOn(
  record: Pick<CertificateRecord, 'renewalInfo'>,
  version: Pick<Version, 'id'>,
): RenewalInfoState | null {
  return record.renewalInfo?.versionId === version.id ? record.renewalInfo : null;
}
