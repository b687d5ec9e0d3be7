import { expect, test } from 'vitest';
import { expiringEvent, issuedEvent, issueFailedEvent } from '#shared/acquire/events.ts';
import { CertkeepError } from '#shared/errors.ts';
import { snsSubject } from '#shared/finish/channels/sns/sns.ts';
import { messageOf } from '#shared/finish/message.ts';
import { regionBehindEvent } from '#shared/finish/region-events.ts';
import { failureUntil, inDays, now, versionOf } from '#test/support/healthy.ts';

test('a failure says what happened and, last, what to do', () => {
  const error = new CertkeepError('ZoneNotFound', 'no public hosted zone holds example.com');
  const failure = failureUntil(inDays(1), { error: error.name, message: error.message });
  const { subject, text, attributes } = messageOf(
    issueFailedEvent('shop', { id: 'a1', issuer: 'local' }, failure, {
      error,
      notAfter: inDays(20).toISOString(),
      nextIssuer: null,
      link: null,
    }),
  );
  expect(subject).toBe('[certkeep] critical: shop could not be renewed: ZoneNotFound');
  expect(text).toMatch(/^ {2}What happened {2}no public hosted zone holds example\.com$/m);
  expect(text).toMatch(/^What to do: Create a public zone/m);
  expect(text).not.toContain('null');
  expect(attributes).toEqual({ severity: 'critical', certificate: 'shop', type: 'failed' });
});

test('a message about a region names it, and has no attribute of a certificate', () => {
  const facts = { region: 'eu-west-1', certificates: 3, reason: 'Failed' };
  const { text, attributes } = messageOf(regionBehindEvent(facts, '2026-11-22T03:00:00.000Z', now));
  expect(text).toMatch(/^ {2}Certificates {3}3$/m);
  expect(text).toMatch(/^ {2}Why {12}Failed$/m);
  expect(attributes).toEqual({ severity: 'warning', type: 'region-behind' });
});

test('what is not known is not printed', () => {
  expect(messageOf(issuedEvent('shop', versionOf(), null)).text).not.toMatch(/Why|null/);
});

test.each([
  [0.5, 'critical', 'shop expires in 12 hours'],
  [1, 'critical', 'shop expires in 1 day'],
  [2.5, 'critical', 'shop expires in 2 days'],
  [14, 'warning', 'shop expires in 14 days'],
  [0, 'critical', 'shop has expired'],
  [-3, 'critical', 'shop has expired'],
])('with %s days left it is %s', (left, severity, summary) => {
  expect(expiringEvent('shop', versionOf(), 0, left, now)).toMatchObject({ severity, summary });
});

test('a subject is one line of at most 99 printable ASCII characters', () => {
  expect(snsSubject('a\nb\tcäd')).toBe('a b c d');
  expect(snsSubject('x'.repeat(99))).toHaveLength(99);
  expect(snsSubject('x'.repeat(500))).toBe(`${'x'.repeat(96)}...`);
});
