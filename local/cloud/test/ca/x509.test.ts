import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeKey } from '#cloud/ca/x509.ts';
import { addMs, dayMs } from '#cloud/clock.ts';
import { makeCertificate, sharedCa } from '#cloud/kit/certificates.ts';

test('a leaf chains over the intermediate to the root', async () => {
  const ca = await sharedCa();
  const made = await makeCertificate({ names: ['shop.example.com', '*.shop.example.com'] });
  const leaf = new X509Certificate(made.certificatePem);
  const intermediate = new X509Certificate(made.chainPem);
  const root = new X509Certificate(ca.rootPem);
  for (const [child, parent] of [
    [leaf, intermediate],
    [intermediate, root],
    [root, root],
  ] as const) {
    expect([child.checkIssued(parent), child.verify(parent.publicKey)]).toEqual([true, true]);
  }
  expect(leaf.subjectAltName).toBe('DNS:shop.example.com, DNS:*.shop.example.com');
  expect(leaf.serialNumber).toBe(made.serial);
  expect([leaf.validFromDate, leaf.validToDate]).toEqual([made.notBefore, made.notAfter]);
});

test('the serial asked for is the serial issued, as node prints it', async () => {
  expect((await makeCertificate({ serial: '0a' })).serial).toBe('0A');
  expect((await makeCertificate({ serial: 'ff01' })).serial).toBe('FF01');
});

test('a name too long for a common name leaves the subject empty', async () => {
  const name = `${'a'.repeat(60)}.example.com`;
  const leaf = new X509Certificate((await makeCertificate({ names: [name] })).certificatePem);
  expect(leaf.subject).toBeUndefined();
  expect(leaf.checkHost(name)).toBe(name);
});

test('a WebCrypto key is certified like any other', async () => {
  const { publicKey } = await crypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' },
    true,
    ['sign', 'verify'],
  );
  const notBefore = new Date('2026-11-22T03:00:00Z');
  const notAfter = addMs(notBefore, dayMs);
  const ca = await sharedCa();
  const issued = await ca.issue({ names: ['a.example.com'], publicKey, notBefore, notAfter });
  expect(new X509Certificate(issued.certificatePem).subject).toBe('CN=a.example.com');
});

test.each([
  ['ecdsa-p256', { namedCurve: 'prime256v1' }],
  ['ecdsa-p384', { namedCurve: 'secp384r1' }],
  ['rsa-2048', { modulusLength: 2048 }],
] as const)('a key of %s is what it says, in PKCS#8', (algorithm, details) => {
  const { publicKey, keyPem } = makeKey(algorithm);
  expect(publicKey.asymmetricKeyDetails).toMatchObject(details);
  expect(keyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
});
