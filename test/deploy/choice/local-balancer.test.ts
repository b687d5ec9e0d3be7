import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { offeredCertificates } from '#local/load-balancers/certificate-choice.ts';
import type { CertificateMaterial } from '#local/services/acm/material.ts';
import { timeline } from '#local/services/timeline.ts';
import type { ChoiceCertificate, ChoiceClient } from '#shared/deploy/choice.ts';
import { makeCertificate } from '#test/support/certificates.ts';
import { caseNow, ecdsa } from './case.ts';
import { cases } from './cases.ts';

const documented = cases.flatMap(({ answer, ...rest }) =>
  answer.is === 'certificate' ? [{ ...rest, expected: answer.arn }] : [],
);

test('no two cases of a kind have one title', () => {
  const titles = cases.map(({ kind, title }) => `${kind}: ${title}`);
  expect(new Set(titles).size).toBe(titles.length);
});

test.each(documented)('$kind: $title', async ({ kind, expected, client, ...holdings }) => {
  // What is not known may be true or not: the answer holds either way.
  for (const unknown of [client.serverName ?? 'shop.example.com', 'unknown.example.org']) {
    const heldAs = (each: ChoiceCertificate) => localCertificate(each, unknown);
    const first = await heldAs(holdings.default ?? ecdsa('none', { names: ['none.example.org'] }));
    const list = await Promise.all(holdings.list.map(heldAs));
    const asked = { kind, serverName: client.serverName, seenAt: caseNow, now: caseNow };
    const offered = offeredCertificates({ default: first, list }, asked);
    const got = offered.find((each) => supports(client, each));
    const arn = [first, ...list].find(({ material }) => material.latest() === got)?.arn;
    expect(arn).toBe(expected);
  }
});

function supports({ families }: ChoiceClient, { keyAlgorithm }: CertificateMaterial): boolean {
  return families.includes(keyAlgorithm.startsWith('EC_') ? 'ecdsa' : 'rsa');
}

/**
 * A real certificate for the names and dates. Key and hash are as the case says, but in words only: no CA signs with
 * MD5, and RSA keys of 4096 bits take seconds.
 */
async function localCertificate(described: ChoiceCertificate, unknownName: string) {
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
