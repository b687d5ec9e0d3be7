import type { CertificateRecord, RevocationState, Version } from './record/record.ts';

/** Returns the known revocation of this version, and null where it concerns another one. */
export function revocationOf(
  { revocation }: Pick<CertificateRecord, 'revocation'>,
  version: Pick<Version, 'id'>,
): RevocationState | null {
  return revocation?.versionId === version.id ? revocation : null;
}

/** Says whether the CA's list revokes it; also for a record from before the version kept that. */
export function isRevoked(
  record: Pick<CertificateRecord, 'revocation'>,
  version: Pick<Version, 'id' | 'revokedAt'>,
): boolean {
  return Boolean(version.revokedAt ?? revocationOf(record, version)?.revokedAt);
}
