import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CertificateWish, importInput, makeCertificate } from '#cloud/kit/certificates.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

let lab: BalancerLab;
beforeAll(async () => {
  lab = await balancerLab();
});
afterAll(() => lab.close());

async function reimport(first: CertificateWish, second: CertificateWish) {
  const arn = await lab.imported(await makeCertificate(first));
  const input = importInput(await makeCertificate(second));
  return lab.acm.importCertificate({ ...input, CertificateArn: arn });
}

const noExtensions = { keyUsages: [], extendedKeyUsages: [] };

test.each<[string, CertificateWish, CertificateWish]>([
  ['the same names and key type', {}, {}],
  ['a name more', {}, { names: ['shop.example.com', 'www.shop.example.com'] }],
  ['a name less', { names: ['shop.example.com', 'old.example.com'] }, {}],
  ['an extended key usage more', {}, { extendedKeyUsages: ['serverAuth', 'clientAuth'] }],
  ['a key usage more', { key: 'rsa-2048', keyUsages: ['digitalSignature'] }, { key: 'rsa-2048' }],
  ['no extensions, as before', noExtensions, noExtensions],
  ['no clientAuth any more', { extendedKeyUsages: ['serverAuth', 'clientAuth'] }, {}],
  [
    'no keyEncipherment any more, of an ECDSA key',
    { keyUsages: ['digitalSignature', 'keyEncipherment'] },
    {},
  ],
])('re-import takes %s', async (_name, first, second) => {
  await expect(reimport(first, second)).resolves.toBeDefined();
});

test.each<[string, CertificateWish, CertificateWish, RegExp]>([
  ['another key type', {}, { key: 'rsa-2048' }, /key type and size/],
  ['another key size', { key: 'rsa-2048' }, { key: 'rsa-3072' }, /key type and size/],
  ['another curve', {}, { key: 'ecdsa-p384' }, /key type and size/],
  ['other names only', {}, { names: ['other.example.com'] }, /all domain names/],
  [
    'no keyEncipherment any more, of an RSA key',
    { key: 'rsa-2048' },
    { key: 'rsa-2048', keyUsages: ['digitalSignature'] },
    /missing one or more Key Usages/,
  ],
  [
    'no serverAuth any more',
    { extendedKeyUsages: ['serverAuth', 'clientAuth'] },
    { extendedKeyUsages: ['clientAuth'] },
    /missing one or more Extended Key Usages/,
  ],
  ['no KeyUsage any more', {}, { keyUsages: [] }, /missing one or more Key Usages/],
  ['a KeyUsage where there was none', { keyUsages: [] }, {}, /KeyUsage extension cannot be added/],
  [
    'an ExtendedKeyUsage where there was none',
    { extendedKeyUsages: [] },
    {},
    /ExtendedKeyUsage extension cannot be added/,
  ],
])('re-import refuses %s', async (_name, first, second, message) => {
  await expect(reimport(first, second)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(message),
  });
});

test('a refused re-import leaves the certificate as it was', async () => {
  const made = await makeCertificate();
  const arn = await lab.imported(made);
  const other = importInput(await makeCertificate({ key: 'ecdsa-p384' }));
  await expect(lab.acm.importCertificate({ ...other, CertificateArn: arn })).rejects.toThrow();
  const got = await lab.acm.getCertificate({ CertificateArn: arn });
  expect(got.Certificate).toBe(made.certificatePem);
});

test('re-import takes no tags and keeps those there are', async () => {
  const input = importInput(await makeCertificate());
  const Tags = [{ Key: 'certkeep:certificate', Value: 'shop' }];
  const { CertificateArn } = await lab.acm.importCertificate({ ...input, Tags });
  const tagged = lab.acm.importCertificate({ ...input, CertificateArn, Tags });
  await expect(tagged).rejects.toMatchObject({ name: 'ValidationException' });
  await lab.acm.importCertificate({ ...input, CertificateArn });
  const listed = await lab.acm.listTagsForCertificate({ CertificateArn });
  expect(listed.Tags).toEqual(Tags);
});

test('an ARN of another region is not found, and one that is none is invalid', async () => {
  const made = await makeCertificate();
  const CertificateArn = await lab.imported(made);
  const elsewhere = lab.acmElsewhere.importCertificate({ ...importInput(made), CertificateArn });
  await expect(elsewhere).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const nowhere = lab.acm.describeCertificate({ CertificateArn: 'arn:aws:iam::1:certificate/x' });
  await expect(nowhere).rejects.toMatchObject({ name: 'InvalidArnException' });
});
