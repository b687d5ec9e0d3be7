import { X509Certificate } from 'node:crypto';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import type { CertificateMaterial } from 'local-cloud/services/acm/material.ts';
import { timeline } from 'local-cloud/services/timeline.ts';
import type { ChoiceCertificate, ChoiceClient } from '#shared/deploy/choice/choice.ts';
import { caseNow } from '#test/unit/deploy/choice/case.ts';

export function supports(
  { families }: ChoiceClient,
  { keyAlgorithm }: CertificateMaterial,
): boolean {
  return families.includes(keyAlgorithm.startsWith('EC_') ? 'ecdsa' : 'rsa');
}

/**
 * A real certificate for the names and dates. Key and hash are as the case says, but in words only: no CA signs with
 * MD5, and RSA keys of 4096 bits take seconds.
 */
export async function localCertificate(described: ChoiceCertificate, unknownName: string) {
  const { arn, notBefore, notAfter, names, keyFamily, keyBits, hashBits } = described;
  const made = await makeCertificate({
    names: names ?? [unknownName],
    notBefore: notBefore ?? caseNow,
    notAfter: notAfter ?? caseNow,
  });
  const real = new X509Certificate(made.certificatePem);
  const isRsa = keyFamily === 'rsa';
  const hash = hashBits === 0 ? 'md5' : `sha${hashBits}`;
  const leaf = {
    checkHost: (name: string) => real.checkHost(name),
    validFromDate: real.validFromDate,
    validToDate: real.validToDate,
    signatureAlgorithm: isRsa ? `${hash}WithRSAEncryption` : `ecdsa-with-${hash.toUpperCase()}`,
  };
  const curve = keyBits === 256 ? 'prime256v1' : `secp${keyBits}r1`;
  const material = { leaf, keyAlgorithm: isRsa ? `RSA_${keyBits}` : `EC_${curve}` };
  return {
    arn,
    type: 'IMPORTED' as const,
    region: 'us-east-1',
    account: '123456789012',
    createdAt: caseNow,
    importedAt: caseNow,
    material: timeline(material as unknown as CertificateMaterial, caseNow),
    tags: new Map<string, string>(),
  };
}
