import { type MadeCertificate, makeCertificate, sharedCa } from 'local-cloud/kit/certificates.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '#shared/secret.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import {
  checkIssued,
  type Expected,
  extraNames,
  readCertificate,
  validFrom,
} from '#shared/x509/certificate.ts';

const now = new Date('2026-11-22T03:00:00Z');
const names = ['example.com', '*.example.com'];
let good: MadeCertificate;
let expected: Expected;

beforeAll(async () => {
  good = await makeCertificate({ names, now });
  expected = { names, keyPem: new Secret(good.keyPem), keyAlgorithm: 'ecdsa-p256', now };
});

/** The same request, answered with another certificate for the same kind of key. */
async function checked(
  wish: Parameters<typeof makeCertificate>[0],
  change: Partial<Expected> = {},
) {
  const made = await makeCertificate({ names, now, ...wish });
  return checkIssued(made, { ...expected, keyPem: new Secret(made.keyPem), ...change });
}

test('a certificate is read with its serial, names, times and key', () => {
  expect(readCertificate(good.certificatePem)).toEqual({
    serial: good.serial,
    names,
    notBefore: good.notBefore,
    notAfter: good.notAfter,
    keyAlgorithm: 'ecdsa-p256',
    fingerprintSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    spkiSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test.each(['ecdsa-p384', 'rsa-2048', 'rsa-3072'] as const)('a key is told as %s', async (key) => {
  const { certificatePem } = await makeCertificate({ key });
  expect(readCertificate(certificatePem).keyAlgorithm).toBe(key);
});

describe('an issued certificate', () => {
  test('that fits the request has no problems, in whatever order and case its names are', async () => {
    expect(checkIssued(good, expected)).toEqual([]);
    expect(await checked({ names: names.toReversed() })).toEqual([]);
    expect(await checked({}, { names: ['EXAMPLE.com', '*.example.com'] })).toEqual([]);
  });

  test('for another key is rejected', async () => {
    const other = await makeCertificate();
    const problems = checkIssued(good, { ...expected, keyPem: new Secret(other.keyPem) });
    expect(problems).toEqual(['it is for another key']);
  });

  test('of another kind of key is rejected', async () => {
    expect(await checked({ key: 'ecdsa-p384' })).toEqual([
      'its key is ecdsa-p384 instead of ecdsa-p256',
    ]);
  });

  test('that lacks a name is rejected', async () => {
    expect(await checked({ names: ['example.com', 'evil.example.org'] })).toEqual([
      'it lacks *.example.com',
    ]);
  });

  test('with more names than were ordered is good, and they are told', async () => {
    const more = [...names, 'www.example.com'];
    expect(await checked({ names: more })).toEqual([]);
    const made = await makeCertificate({ names: more });
    expect(extraNames(made, ['EXAMPLE.com', '*.example.com'])).toEqual(['www.example.com']);
    expect(extraNames(good, names)).toEqual([]);
  });

  test('that begins within 48 hours is good, and says from when on', async () => {
    const notBefore = addMs(now, 48 * hourMs);
    expect(await checked({ notBefore })).toEqual([]);
    expect(validFrom(await makeCertificate({ notBefore }))).toEqual(notBefore);
  });

  test('that is expired, or begins later than that, is rejected', async () => {
    const past = { notBefore: addMs(now, -90 * dayMs), notAfter: now };
    expect(await checked(past)).toEqual(['it expired at 2026-11-22T03:00:00.000Z']);
    const future = { notBefore: addMs(now, 49 * hourMs), notAfter: addMs(now, 3 * dayMs) };
    expect(await checked(future)).toEqual(['it is valid only from 2026-11-24T04:00:00.000Z']);
  });

  test('of a CA whose clock is a minute ahead is accepted', async () => {
    expect(await checked({ notBefore: addMs(now, 60_000) })).toEqual([]);
  });

  test('whose chain is another one, or holds the root, is rejected', async () => {
    const { certificatePem } = good;
    const { rootPem } = await sharedCa();
    const elsewhere = { certificatePem, chainPem: certificatePem };
    expect(checkIssued(elsewhere, expected)).toEqual([
      'number 1 of its chain did not sign what stands before it',
    ]);
    const withRoot = { certificatePem, chainPem: `${good.chainPem}\n${rootPem}` };
    expect(checkIssued(withRoot, expected)).toEqual(['number 2 of its chain is a root']);
  });

  test('without a chain is rejected where clients need one', async () => {
    const { certificatePem } = good;
    const alone = { certificatePem, chainPem: '' };
    expect(checkIssued(alone, expected)).toEqual([]);
    expect(checkIssued(alone, { ...expected, needsChain: true })).toEqual(['its chain is missing']);
  });

  test('that is the certificate of the CA itself is rejected', async () => {
    const problems = checkIssued({ certificatePem: good.chainPem, chainPem: '' }, expected);
    expect(problems).toContain('it is the certificate of a CA');
  });

  test('that cannot be read is rejected', () => {
    const problems = checkIssued({ certificatePem: 'garbage', chainPem: '' }, expected);
    expect(problems).toEqual([expect.stringContaining('cannot be read')]);
  });
});
