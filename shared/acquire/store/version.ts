import type { Version } from '#shared/ledger/record/record.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import { type CertificateLinks, linksOf } from '#shared/x509/extensions.ts';

type About = Pick<
  Version,
  'id' | 'keyAlgorithm' | 'issuer' | 'orderUrl' | 'issuedAt' | 'origin'
> & {
  /** Those that were ordered, where the CA may have added some: a name of its own is not ours to keep. */
  readonly names?: readonly string[];
};

/** A version as the record keeps it: what the certificate says, and where it comes from. */
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

/** Extensions that cannot be read are no reason to lose a certificate that clients can. */
function linksIn(certificatePem: string): CertificateLinks {
  try {
    return linksOf(certificatePem);
  } catch {
    return { renewalId: null, crlUrl: null };
  }
}
