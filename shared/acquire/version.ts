import type { Version } from '#shared/ledger/record.ts';
import { readCertificate } from './certificate.ts';
import { linksOf } from './extensions.ts';

/** A version as the record keeps it: what the certificate says, and where it comes from. */
export function describeVersion(
  certificatePem: string,
  about: Pick<Version, 'id' | 'keyAlgorithm' | 'issuer' | 'orderUrl' | 'issuedAt' | 'origin'>,
): Version {
  const read = readCertificate(certificatePem);
  const { renewalId, crlUrl } = linksOf(certificatePem);
  return {
    ...about,
    ...(renewalId && { renewalId }),
    ...(crlUrl && { crlUrl }),
    serial: read.serial,
    names: [...read.names],
    notBefore: read.notBefore.toISOString(),
    notAfter: read.notAfter.toISOString(),
    fingerprintSha256: read.fingerprintSha256,
  };
}
