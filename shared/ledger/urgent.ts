import { type CertificateRecord, desiredVersion } from './record/record.ts';

/**
 * Says whether the certificate cannot wait in a queue: a person forced it, its CA has revoked it, or it has expired. Issue
 * asks this before the order, to pass it on with the work that follows.
 */
export function isUrgent(record: CertificateRecord, now: Date): boolean {
  const version = desiredVersion(record);
  if (record.forced) return true;
  if (!version) return false;
  const { revocation } = record;
  const isRevoked = revocation?.versionId === version.id && revocation.revokedAt !== null;
  return isRevoked || new Date(version.notAfter) <= now;
}
