import type { CertificateRecord, RenewalInfoState, Version } from './record/record.ts';

/** Returns the advice about this version, and null where the advice is about another one. */
export function adviceOn(
  record: Pick<CertificateRecord, 'renewalInfo'>,
  version: Pick<Version, 'id'>,
): RenewalInfoState | null {
  return record.renewalInfo?.versionId === version.id ? record.renewalInfo : null;
}
