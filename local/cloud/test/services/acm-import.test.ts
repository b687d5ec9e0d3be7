import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayMs } from '#cloud/clock.ts';
import { importInput, makeCertificate, sharedCa } from '#cloud/kit/certificates.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

let lab: BalancerLab;
beforeAll(async () => {
  lab = await balancerLab();
});
afterAll(() => lab.close());

test('a certificate that is not issued yet, or is missing, cannot be got', async () => {
  const input = importInput(await makeCertificate());
  const place = { account: '000000000000', region: 'eu-west-1' };
  const CertificateArn = lab.certificates.requested(place, input);
  await expect(lab.acm.getCertificate({ CertificateArn })).rejects.toMatchObject({
    name: 'RequestInProgressException',
  });
  const { Certificate } = await lab.acm.describeCertificate({ CertificateArn });
  expect(Certificate).toMatchObject({ Status: 'PENDING_VALIDATION' });
  expect(Certificate?.Serial).toBeUndefined();
  const gone = CertificateArn.replace(/[^/]+$/, '00000000-0000-0000-0000-000000000000');
  await expect(lab.acm.getCertificate({ CertificateArn: gone })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test.each<[string, (input: Input) => Promise<Partial<Input>> | Partial<Input>, RegExp]>([
  [
    'a chain of another CA',
    async () => ({ CertificateChain: Buffer.from((await sharedCa()).rootPem) }),
    /Could not validate the certificate with the certificate chain/,
  ],
  [
    'a chain in the wrong order',
    async (input) => ({
      CertificateChain: Buffer.concat([
        Buffer.from((await sharedCa()).rootPem),
        input.CertificateChain,
      ]),
    }),
    /Could not validate the certificate with the certificate chain/,
  ],
  ['an encrypted key', () => ({ PrivateKey: Buffer.from(encryptedKey()) }), /encrypted/],
  ['a key above 5,120 bytes', () => ({ PrivateKey: Buffer.alloc(5_121, 'A') }), /5120/],
  ['a key that is none', () => ({ PrivateKey: Buffer.from('nothing') }), /private key/],
  [
    'spaces at the end of a line',
    (input) => ({ Certificate: Buffer.from(String(input.Certificate).replace('\n', ' \n')) }),
    /PEM format/,
  ],
])('%s is refused', async (_name, spoil, message) => {
  const input = importInput(await makeCertificate());
  const attempt = lab.acm.importCertificate({ ...input, ...(await spoil(input)) });
  await expect(attempt).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(message),
  });
});
type Input = ReturnType<typeof importInput>;

test('the second import within a second is throttled, the next second is free again', async () => {
  const slow = await balancerLab({ acm: { limits: {} } });
  const input = importInput(await makeCertificate());
  await slow.acm.importCertificate(input);
  const tooSoon = slow.acm.importCertificate(input);
  await expect(tooSoon).rejects.toMatchObject({ name: 'ThrottlingException' });
  await expect(slow.acmElsewhere.importCertificate(input)).resolves.toBeDefined();
  slow.clock.advance(1_000);
  await expect(slow.acm.importCertificate(input)).resolves.toBeDefined();
  await slow.close();
});

test('quotas count what is held, and what was imported within a year', async () => {
  const unthrottled = { importsPerSecond: Number.POSITIVE_INFINITY };
  const small = await balancerLab({
    acm: { limits: { ...unthrottled, importedCertificates: 1, importsPerYear: 2 } },
  });
  const made = await makeCertificate();
  const arn = await small.imported(made);
  const exceeded = { name: 'LimitExceededException' };
  await expect(small.imported(made)).rejects.toMatchObject(exceeded);
  await small.acm.deleteCertificate({ CertificateArn: arn });
  await small.acm.deleteCertificate({ CertificateArn: await small.imported(made) });
  await expect(small.imported(made)).rejects.toMatchObject(exceeded);
  small.clock.advance(366 * dayMs);
  const fresh = await makeCertificate({ now: small.clock.now() });
  await expect(small.imported(fresh)).resolves.toBeDefined();
  await small.close();
});

test('an ARN that is none is invalid', async () => {
  const nowhere = lab.acm.describeCertificate({ CertificateArn: 'arn:aws:iam::1:certificate/x' });
  await expect(nowhere).rejects.toMatchObject({ name: 'InvalidArnException' });
});

test('a member that the local cloud does not know is refused, not ignored', async () => {
  const listing = lab.acm.listCertificates({ Includes: { managedBy: 'CLOUDFRONT' } });
  await expect(listing).rejects.toMatchObject({ name: 'NotImplemented' });
});

function encryptedKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  return String(privateKey.export(pem));
}
