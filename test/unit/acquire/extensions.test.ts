import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { renewalId } from 'local-cloud/ca/renewal-info.ts';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { expect, test } from 'vitest';
import { linksOf } from '#shared/x509/extensions.ts';

async function certificateWith(
  serialNumber: string,
  extensions: readonly x509.Extension[],
): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber,
    name: 'CN=example.com',
    keys,
    signingAlgorithm: algorithm,
    extensions: [...extensions],
  });
  return certificate.toString('pem');
}

test('the identifier of RFC 9773 is the one of its example, the leading zero of the serial included', async () => {
  const keyId = '69885b6b87464041e1b37b847ba0ae2cde01c8d4';
  const pem = await certificateWith('0087654321', [
    new x509.AuthorityKeyIdentifierExtension(keyId),
  ]);
  expect(linksOf(pem)).toEqual({
    renewalId: 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE',
    crlUrl: null,
  });
});

test.each([
  '7f',
  '80',
  '00ff',
  '0100',
  '04a1b2c3d4e5f60718293a4b5c6d7e8f9001',
  `ff${'ab'.repeat(18)}`,
])('two readings of serial %s agree', async (serial) => {
  const { certificatePem } = await makeCertificate({ serial });
  expect(linksOf(certificatePem).renewalId).toBe(renewalId(certificatePem));
});

test('without an identifier of its issuer a certificate has none of its own', async () => {
  expect(linksOf(await certificateWith('01', []))).toEqual({ renewalId: null, crlUrl: null });
});

test.each([
  ['the address on the web', ['http://crl.example/1.crl'], 'http://crl.example/1.crl'],
  [
    'the first of several on the web',
    ['ldap://ca/x', 'https://crl.example/2.crl', 'http://c/3'],
    'https://crl.example/2.crl',
  ],
  ['none of another kind', ['ldap://ca/x'], null],
  [
    'a long one',
    [`http://crl.example/${'x'.repeat(300)}`],
    `http://crl.example/${'x'.repeat(300)}`,
  ],
])('of revocation lists it takes %s', async (_, urls, expected) => {
  const pem = await certificateWith('01', [new x509.CRLDistributionPointsExtension(urls)]);
  expect(linksOf(pem).crlUrl).toBe(expected);
});
