import { createCertificateAuthority, makeKey } from '../../ca/x509.ts';
import { addMs, type Clock, dayMs } from '../../clock.ts';
import type { AcmCertificate } from '../acm/certificate.ts';
import { type MaterialInput, readMaterial } from '../acm/material.ts';
import { timeline } from '../timeline.ts';

/** CloudFront serves it for `*.cloudfront.net`, and to clients that ask for a name that is no alias. */
export function ownCertificate(clock: Clock): () => Promise<AcmCertificate> {
  let made: Promise<AcmCertificate> | undefined;
  async function make() {
    const now = clock.now();
    const ca = await createCertificateAuthority({ name: 'CloudFront', now });
    const { publicKey, keyPem } = makeKey('ecdsa-p256');
    const { certificatePem, chainPem } = await ca.issue({
      names: ['*.cloudfront.net', 'cloudfront.net'],
      notBefore: addMs(now, -dayMs),
      notAfter: addMs(now, 395 * dayMs),
      publicKey,
    });
    const Certificate = Buffer.from(certificatePem);
    const CertificateChain = Buffer.from(chainPem);
    const PrivateKey = Buffer.from(keyPem);
    return servedOutsideAcm('cloudfront', { Certificate, CertificateChain, PrivateKey }, now);
  }
  return () => {
    made ??= make();
    return made;
  };
}

/** A certificate that ACM does not hold, in the form in which edges serve those of ACM. */
export function servedOutsideAcm(arn: string, input: MaterialInput, now: Date): AcmCertificate {
  return {
    arn,
    type: 'AMAZON_ISSUED',
    region: 'us-east-1',
    account: '',
    createdAt: now,
    importedAt: now,
    material: timeline(readMaterial(input), now),
    tags: new Map(),
  };
}
