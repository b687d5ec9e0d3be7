import type { CertificateRecord, RevocationState, Version } from './record/record.ts';

/** What is known of the revocation of a version: nothing of another one. */
export function revocationOf(
  { revocation }: Pick<CertificateRecord, 'revocation'>,
  version: Pick<Version, 'id'>,
): RevocationState | null {
  return revocation?.versionId === version.id ? revocation : null;
}

/** Whether the list of its CA has it; also in a record from before that was kept on the version. */
export function isRevoked(
  record: Pick<CertificateRecord, 'revocation'>,
  version: Pick<Version, 'id' | 'revokedAt'>,
): boolean {
  return Boolean(version.revokedAt ?? revocationOf(record, version)?.revokedAt);
}
