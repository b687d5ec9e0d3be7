import { expect, test } from 'vitest';
import { reasonToIssue, renewalDue } from '#shared/acquire/rules.ts';
import { addMs, hourMs } from '#shared/clock.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { healthy, inDays, now, versionOf, wanted } from '#test/support/healthy.ts';

const forced = { at: now.toISOString(), reason: 'the key leaked' };
const fiveDaysLeft = versionOf({
  notBefore: inDays(-85).toISOString(),
  notAfter: inDays(5).toISOString(),
});

test.each<[string, Partial<CertificateRecord>, Partial<CertificateConfig>, string | null]>([
  ['a healthy certificate is left alone', {}, {}, null],
  [
    'names in another order are the same names',
    {},
    { names: ['example.com', '*.example.com'] },
    null,
  ],
  ['what does not exist is issued', { desired: null }, {}, 'there is no certificate yet'],
  ['what a person forces is issued', { forced }, {}, 'forced: the key leaked'],
  [
    'a name gained and a name lost are both named',
    {},
    { names: ['example.com', 'www.example.org'] },
    'names changed: +www.example.org -*.example.com',
  ],
  ['another kind of key is issued', {}, { key: 'rsa-2048' }, 'key changed: ecdsa-p256 to rsa-2048'],
  ['another issuer issues', {}, { issuers: ['other'] }, 'issuer changed: local to other'],
  ['an old one is renewed', { versions: [fiveDaysLeft] }, {}, 'expires in 5 days'],
  [
    'an expired one is renewed',
    { versions: [versionOf({ notAfter: inDays(-2).toISOString() })] },
    {},
    'expired 2 days ago',
  ],
  [
    'a force comes before all that the certificate itself says',
    { forced, versions: [fiveDaysLeft] },
    {},
    'forced: the key leaked',
  ],
])('%s', (_, record, certificate, text) => {
  const situation = { certificate: wanted(certificate), record: healthy(record), now };
  expect(reasonToIssue(situation)?.text ?? null).toBe(text);
});

test.each([
  ['90 days are renewed with 30 left', 90, undefined, 60],
  ['45 days are renewed with 15 left', 45, undefined, 30],
  ['six days are renewed at half their life', 6, undefined, 3],
  ['a configured time is kept', 90, 20, 70],
  ['a configured time longer than the life is not, or it would renew for ever', 45, 60, 30],
  ['a configured time as long as the life is not either', 45, 45, 30],
])('%s', (_, lifetime, renewBeforeDays, dueAfter) => {
  const version = { notBefore: now.toISOString(), notAfter: inDays(lifetime).toISOString() };
  const due = renewalDue(version, renewBeforeDays ? { renewBeforeDays } : {});
  expect(due).toEqual(inDays(dueAfter));
});

test('the last instant before the renewal is due is not due', () => {
  const record = healthy();
  const due = renewalDue(versionOf(), wanted());
  const at = (time: Date) => reasonToIssue({ certificate: wanted(), record, now: time })?.rule;
  expect(at(addMs(due, -1))).toBeUndefined();
  expect(at(due)).toBe('lifetime-passed');
  expect(at(addMs(due, hourMs))).toBe('lifetime-passed');
});
