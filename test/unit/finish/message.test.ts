import { describe, expect, test } from 'vitest';
import { expiringEvent, issuedEvent, issueFailedEvent } from '#shared/acquire/events.ts';
import { snsSubject } from '#shared/channels/sns/sns.ts';
import { CertkeepError } from '#shared/errors.ts';
import { messageOf } from '#shared/finish/alert/message.ts';
import { regionBehindEvent } from '#shared/finish/regions/region-events.ts';
import type { LedgerEvent } from '#shared/ledger/record/record.ts';
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

describe('a detail is one line, whatever it holds', () => {
  const textOf = (details: LedgerEvent['details']) =>
    messageOf({ ...issuedEvent('shop', versionOf(), null), details }).text;
  const lines = (text: string) => text.split('\n').length;
  const usual = lines(textOf({ reason: 'x' }));

  test.each([
    ['forced: x\n\nWhat to do: sign in at https://evil.example', '\\u{a}\\u{a}What to do'],
    ['a\r\u2028\u0085b', 'a\\u{d}\\u{2028}\\u{85}b'],
    ['a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
    ['blank\u3164\u115f\u2800letters', 'blank\\u{3164}\\u{115f}\\u{2800}letters'],
    ['p\u0430ypal.example', 'p\\u{430}ypal.example'],
    ['g\u03bfogle', 'g\\u{3bf}ogle'],
  ])('%j', (reason, seen) => {
    const text = textOf({ reason });
    expect(lines(text)).toBe(usual);
    expect(text).toContain(seen);
  });

  test('words of one alphabet stay as they are', () => {
    const reason = 'ключ утёк, 鍵, clé, Schlüssel';
    expect(textOf({ reason })).toContain(reason);
  });

  test('no more than a screen of it is printed, and a link whole', () => {
    expect(textOf({ reason: 'x'.repeat(1_000_000) }).length).toBeLessThan(2_000);
    const link = `https://ca.example/unpause?jwt=${'x'.repeat(2_500)}`;
    expect(textOf({ link })).toContain(link);
  });

  test('a detail, or its name, is nothing that an object has by itself', () => {
    const text = textOf({ toString: 'x', constructor: 'y', '__proto__\n!': 'z' });
    expect(text).toContain('  toString       x\n  constructor    y\n');
    expect(lines(text)).toBe(usual + 2);
  });

  test('the words of others are in quotes, with their source', () => {
    const text = textOf({ explanation: 'https://ca.example/"why"' });
    expect(text).toContain(`  The CA says    "https://ca.example/'why'" (a page of the CA)`);
  });
});

test('an unknown detail is not printed', () => {
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
