import type { Version } from '#shared/ledger/record/record.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import { type CertificateLinks, linksOf } from '#shared/x509/extensions.ts';

type About = Pick<
  Version,
  'id' | 'keyAlgorithm' | 'issuer' | 'orderUrl' | 'issuedAt' | 'origin'
> & {
  /** The ordered names, since the CA may have added others, which are not ours to keep. */
  readonly names?: readonly string[];
};

/** Describes a version for the record: the facts in the certificate, and its origin. */
export function describeVersion(certificatePem: string, { names, ...about }: About): Version {
  const read = readCertificate(certificatePem);
  const { renewalId, crlUrl } = linksIn(certificatePem);
  return {
    ...about,
    ...(renewalId && { renewalId }),
    ...(crlUrl && { crlUrl }),
    serial: read.serial,
    names: [...(names ?? read.names)],
    notBefore: read.notBefore.toISOString(),
    notAfter: read.notAfter.toISOString(),
    fingerprintSha256: read.fingerprintSha256,
  };
}

/** Unreadable extensions are no reason to lose a certificate that clients can read. */
function linksIn(certificatePem: string): CertificateLinks {
  try {
    return linksOf(certificatePem);
  } catch {
    return { renewalId: null, crlUrl: null };
  }
}
