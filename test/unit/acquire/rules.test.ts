import { expect, test } from 'vitest';
import { renewalDue } from '#shared/acquire/renewal/renewal-time.ts';
import { reasonToIssue } from '#shared/acquire/renewal/rules.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import type {
  CertificateRecord,
  RenewalInfoState,
  RevocationState,
} from '#shared/ledger/record/record.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { healthy, inDays, issuers, now, versionOf, wanted } from '#test/support/healthy.ts';

const forced = { at: now.toISOString(), reason: 'the key leaked' };
const fiveDaysLeft = versionOf({
  notBefore: inDays(-85).toISOString(),
  notAfter: inDays(5).toISOString(),
});
const directory = 'https://ca.example/directory';
const origin = {
  directory: 'https://staging.example/directory',
  account: 'https://staging.example/acct/1',
  profile: null,
  staging: true,
};
const thirtyDaysLeft = versionOf({
  notBefore: inDays(-60).toISOString(),
  notAfter: inDays(30).toISOString(),
  issuedAt: inDays(-60).toISOString(),
});
const nineDaysLeft = versionOf({
  notBefore: inDays(-81).toISOString(),
  notAfter: inDays(9).toISOString(),
  issuedAt: inDays(-81).toISOString(),
});

function advice(start: Date, end: Date, selected: Date): RenewalInfoState {
  return {
    versionId: 'v1',
    window: {
      start: start.toISOString(),
      end: end.toISOString(),
      selected: selected.toISOString(),
      learnedAt: now.toISOString(),
    },
    explanationUrl: null,
    nextCheckAt: inDays(1).toISOString(),
    failures: 0,
    failure: null,
  };
}

function revocation(change: Partial<RevocationState>): RevocationState {
  return {
    versionId: 'v1',
    revokedAt: null,
    reason: null,
    nextCheckAt: inDays(1).toISOString(),
    failures: 0,
    failure: null,
    ...change,
  };
}

test.each<[string, Partial<CertificateRecord>, Partial<CertificateConfig>, string | null]>([
  ['a healthy certificate is left alone', {}, {}, null],
  [
    'names in another order are the same names',
    {},
    { names: ['example.com', '*.example.com'] },
    null,
  ],
  ['what does not exist is issued', { desired: null }, {}, 'there is no certificate yet'],
  ['what a person forces is issued', { forced }, {}, 'forced: "the key leaked"'],
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
    'an issuer that became another CA issues',
    { versions: [versionOf({ origin })] },
    {},
    'issuer local changed: https://staging.example/directory to https://ca.example/directory',
  ],
  [
    'an issuer that is only called otherwise now is the same',
    { versions: [versionOf({ issuer: 'before', origin: { ...origin, directory } })] },
    {},
    null,
  ],
  [
    'so is one whose directory is only written otherwise',
    {
      versions: [
        versionOf({ origin: { ...origin, directory: 'https://CA.example:443/directory' } }),
      ],
    },
    {},
    null,
  ],
  ['the second of its issuers is as good as the first', {}, { issuers: ['other', 'local'] }, null],
  [
    'another profile is issued',
    { versions: [versionOf({ origin: { ...origin, directory, profile: 'classic' } })] },
    {},
    'profile changed: classic to none',
  ],
  [
    'a revoked one is renewed',
    { revocation: revocation({ revokedAt: inDays(-1).toISOString(), reason: 'keyCompromise' }) },
    {},
    'revoked at 2026-11-21T03:00:00.000Z (keyCompromise)',
  ],
  ['one that no list holds is left alone', { revocation: revocation({}) }, {}, null],
  [
    'what was revoked before it is not it',
    { revocation: revocation({ versionId: 'v0', revokedAt: inDays(-1).toISOString() }) },
    {},
    null,
  ],
  [
    'the time that the CA advises has come',
    { renewalInfo: advice(inDays(-2), inDays(1), inDays(-1)) },
    {},
    'the CA advises renewal between 2026-11-20T03:00:00.000Z and 2026-11-23T03:00:00.000Z',
  ],
  [
    'a window is waited in until the time drawn from it',
    { renewalInfo: advice(inDays(-2), inDays(2), inDays(1)) },
    {},
    null,
  ],
  [
    'a window in the past is followed at once and may be a revocation',
    { renewalInfo: advice(inDays(-2), inDays(-1), inDays(-1)) },
    {},
    'the CA wants it renewed between 2026-11-20T03:00:00.000Z and 2026-11-21T03:00:00.000Z, long before its end: it may be revoked',
  ],
  [
    'a later window keeps what a third of the lifetime would renew',
    { versions: [thirtyDaysLeft], renewalInfo: advice(inDays(5), inDays(6), inDays(5)) },
    {},
    null,
  ],
  [
    'a wish is kept where the CA advises later',
    { versions: [thirtyDaysLeft], renewalInfo: advice(inDays(5), inDays(6), inDays(5)) },
    { renewBeforeDays: 31 },
    'expires in 30 days',
  ],
  [
    'no window reaches into the last tenth',
    { versions: [nineDaysLeft], renewalInfo: advice(inDays(5), inDays(6), inDays(5)) },
    {},
    'expires in 9 days',
  ],
  [
    'a wish for less than that is kept',
    { versions: [nineDaysLeft], renewalInfo: advice(inDays(5), inDays(6), inDays(5)) },
    { renewBeforeDays: 3 },
    null,
  ],
  [
    'a CA that advises against what it issued this morning is not asked without end',
    {
      versions: [versionOf({ issuedAt: addMs(now, -6 * hourMs).toISOString() })],
      renewalInfo: advice(inDays(-2), inDays(-1), inDays(-1)),
    },
    {},
    null,
  ],
  [
    'a force comes before all that the certificate itself says',
    { forced, versions: [fiveDaysLeft] },
    {},
    'forced: "the key leaked"',
  ],
])('%s', (_, record, certificate, text) => {
  const situation = { certificate: wanted(certificate), issuers, record: healthy(record), now };
  expect(reasonToIssue(situation)?.text ?? null).toBe(text);
});

test.each([
  ['90 days are renewed with 30 left', 90, undefined, 60],
  ['45 days are renewed with 15 left', 45, undefined, 30],
  ['six days are renewed at half their life', 6, undefined, 3],
  ['a configured time is kept', 90, 20, 70],
  ['parts of a day are kept', 90, 31.75, 58.25],
  ['a configured time longer than the life is not, or it would renew for ever', 45, 60, 30],
  ['a configured time as long as the life is not either', 45, 45, 30],
])('%s', (_, lifetime, renewBeforeDays, dueAfter) => {
  const at = now.toISOString();
  const version = {
    notBefore: at,
    issuedAt: at,
    notAfter: inDays(lifetime).toISOString(),
    orderUrl: null,
  };
  const due = renewalDue(version, renewBeforeDays ? { renewBeforeDays } : {}, null);
  expect(due).toEqual(inDays(dueAfter));
});

test('the last instant before the renewal is due is not due', () => {
  const record = healthy();
  const due = renewalDue(versionOf(), wanted(), null);
  const at = (time: Date) =>
    reasonToIssue({ certificate: wanted(), issuers, record, now: time })?.rule;
  expect(at(addMs(due, -1))).toBeUndefined();
  expect(at(due)).toBe('lifetime-passed');
  expect(at(addMs(due, hourMs))).toBe('lifetime-passed');
});
