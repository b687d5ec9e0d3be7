import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeThrowaway, proofName } from '#shared/deploy/rights-proof/throwaway-certificate.ts';
import { dayMs } from '#shared/time/clock.ts';

const now = new Date('2026-11-29T12:00:00Z');
const made = makeThrowaway(now);
const leaf = new X509Certificate(made.certificatePem);
const root = new X509Certificate(made.chainPem);

test('it is for one name that is nobody’s, with the key that comes with it', () => {
  expect(leaf.subjectAltName).toBe(`DNS:${proofName}`);
  expect(leaf.subject).toBe(`CN=${proofName}`);
  expect(leaf.checkPrivateKey(createPrivateKey(made.keyPem.reveal()))).toBe(true);
  expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
});

test('it is valid now and for three days', () => {
  expect(leaf.validFromDate.getTime()).toBeLessThan(now.getTime());
  expect(leaf.validToDate.getTime() - now.getTime()).toBe(3 * dayMs);
});

test('its chain certifies it, and it is no authority itself', () => {
  expect(leaf.checkIssued(root)).toBe(true);
  expect(leaf.verify(root.publicKey)).toBe(true);
  expect([leaf.ca, root.ca]).toEqual([false, true]);
});

test('it says what it is for, as certificates of public CAs do', () => {
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('two of them have another key and another serial', () => {
  const other = new X509Certificate(makeThrowaway(now).certificatePem);
  expect(other.serialNumber).not.toBe(leaf.serialNumber);
  expect(other.publicKey.equals(leaf.publicKey)).toBe(false);
});
