import type { Version } from '#shared/ledger/record.ts';
import { readCertificate } from './certificate.ts';

/** A version as the record keeps it: what the certificate says, and where it comes from. */
export function describeVersion(
  certificatePem: string,
  origin: Pick<Version, 'id' | 'keyAlgorithm' | 'issuer' | 'orderUrl' | 'issuedAt'>,
): Version {
  const read = readCertificate(certificatePem);
  return {
    ...origin,
    serial: read.serial,
    names: [...read.names],
    notBefore: read.notBefore.toISOString(),
    notAfter: read.notAfter.toISOString(),
    fingerprintSha256: read.fingerprintSha256,
  };
}
