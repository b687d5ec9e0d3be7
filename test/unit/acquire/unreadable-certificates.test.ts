import { X509Certificate } from 'node:crypto';
import { type MadeCertificate, makeCertificate } from 'local-cloud/kit/certificates.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { adoptStored } from '#shared/acquire/store/adopt.ts';
import { describeVersion } from '#shared/acquire/store/version.ts';
import { splitChain } from '#shared/issuers/acme/chain/chain.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { Secret } from '#shared/secret.ts';
import {
  checkIssued,
  extraNames,
  isForAnotherKey,
  readCertificate,
  validFrom,
} from '#shared/x509/certificate.ts';
import { createCsr } from '#shared/x509/csr.ts';
import { linksOf, usageExtensionsOf } from '#shared/x509/extensions.ts';
import { fakeKeyStore } from '#test/support/fake-key-store.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { configWith, now, wanted } from '#test/support/healthy.ts';
import { silentLog } from '#test/support/silent-log.ts';

const { names } = wanted();
let good: MadeCertificate;
/** OpenSSL takes it as a certificate, and finds only later that its key is on a curve that nobody knows. */
let odd: MadeCertificate;

beforeAll(async () => {
  good = await makeCertificate({ names, now });
  odd = { ...good, certificatePem: withOddKey(good.certificatePem) };
});

function withOddKey(pem: string): string {
  const der = Buffer.from(new X509Certificate(pem).raw);
  const curve = Buffer.from('06082a8648ce3d030107', 'hex');
  der[der.indexOf(curve) + curve.length - 1] = 0x7f;
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

const about = {
  id: 'v1',
  keyAlgorithm: 'ecdsa-p256',
  issuer: 'local',
  orderUrl: null,
  issuedAt: now.toISOString(),
} as const;

const expected = () => ({
  names,
  keyPem: new Secret(good.keyPem),
  keyAlgorithm: 'ecdsa-p256' as const,
  now,
});

describe('an error that OpenSSL itself throws has a name', () => {
  const none = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const rejected = expect.objectContaining({
    name: 'CertificateRejected',
    message: expect.stringMatching(/^the certificate cannot be read: /),
  });

  test.each<[string, () => unknown]>([
    ['the facts of one whose key is odd', () => readCertificate(odd.certificatePem)],
    ['its description', () => describeVersion(odd.certificatePem, about)],
    ['the facts of none', () => readCertificate(none)],
    ['its key', () => isForAnotherKey(none, new Secret(good.keyPem))],
    ['its names', () => extraNames({ certificatePem: none }, [])],
    ['its beginning', () => validFrom({ certificatePem: none, chainPem: '' })],
    ['its links', () => linksOf(none)],
    ['its usages', () => usageExtensionsOf(none)],
  ])('%s', (_, read) => {
    expect(read).toThrow(rejected);
  });

  test.each<[string, () => unknown]>([
    ['for a request', () => createCsr(new Secret('no key'), names)],
    ['for a comparison', () => isForAnotherKey(good.certificatePem, new Secret('no key'))],
  ])('a key of the store that is none, %s', (_, use) => {
    expect(use).toThrow(
      expect.objectContaining({
        name: 'KeyStoreUnreadable',
        message: expect.stringMatching(/^what is stored is no private key: /),
      }),
    );
  });
});

describe('what is checked is told in sentences', () => {
  test('of a key that cannot be read', () => {
    expect(checkIssued(odd, expected())).toEqual([
      expect.stringMatching(/^the certificate or its chain cannot be read: /),
    ]);
  });

  test('of a chain whose key cannot be read', () => {
    const chainPem = withOddKey(good.chainPem);
    expect(checkIssued({ ...good, chainPem }, expected())).toEqual([
      'number 1 of its chain did not sign what stands before it',
    ]);
  });

  test('of our own key', () => {
    expect(checkIssued(good, { ...expected(), keyPem: new Secret('no key') })).toEqual([
      'its key in the key store cannot be read',
    ]);
  });

  test('a CA that sends a chain with such a key sends none that belongs to the leaf', () => {
    const pem = `${good.certificatePem}${withOddKey(good.chainPem)}`;
    expect(() => splitChain(pem)).toThrow(expect.objectContaining({ name: 'IssuerAnswerInvalid' }));
  });
});

test.each<[string, () => MadeCertificate]>([
  ['a certificate that cannot be read', () => odd],
  ['no certificate', () => ({ ...good, certificatePem: 'x' })],
  ['no key', () => ({ ...good, keyPem: 'x' })],
])('%s in the key store is not adopted, and keeps nothing from being issued', async (_, make) => {
  const { keyPem, ...material } = make();
  const clock = virtualClock();
  const objects = fakeObjectStore();
  const ledger = s3Ledger({ objects, clock, writer: 'issue' });
  const mine = heldRecord((change) => ledger.update('shop', change));
  const keyStore = fakeKeyStore();
  await keyStore.storeVersion('shop', 'v9', { ...material, keyPem: new Secret(keyPem) });
  await keyStore.promote('shop', 'v9', []);
  const ports = { config: configWith(), mine, objects, keyStore, clock, log: silentLog };
  expect(await adoptStored(ports, wanted())).toBeNull();
});

test('addresses and identifiers that are too long for a record are none', async () => {
  const { certificatePem } = await makeCertificate({
    names,
    now,
    crlUrl: `http://crl.example/${'x'.repeat(3_000)}`,
  });
  expect(linksOf(certificatePem).crlUrl).toBeNull();
});
