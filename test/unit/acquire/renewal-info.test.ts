import { expect, test } from 'vitest';
import {
  mayBeRevoked,
  renewalInfoDue,
  withAdvice,
  withoutAdvice,
} from '#shared/acquire/advice/renewal-info.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { RenewalInfo } from '#shared/issuers/issuer.ts';
import { adviceOn } from '#shared/ledger/advice.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { healthy, inDays, issuers, now, versionOf } from '#test/support/healthy.ts';

const version = versionOf({
  renewalId: 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE',
  origin: {
    directory: 'https://ca.example/directory',
    account: 'https://ca.example/acct/1',
    profile: null,
    staging: false,
  },
});

function info(change: Partial<RenewalInfo> = {}): RenewalInfo {
  return { start: inDays(50), end: inDays(52), explanationUrl: null, retryAfter: null, ...change };
}

function told(answer: RenewalInfo | null, before = healthy(), random = 0.5, at = now) {
  return withAdvice(before, version, answer, { now: at, random });
}

function nextCheck(record: CertificateRecord, at = now): number {
  return Date.parse(record.renewalInfo?.nextCheckAt ?? '') - at.getTime();
}

test.each([
  [0, inDays(50)],
  [0.25, addMs(inDays(50), 12 * hourMs)],
  [0.999_999_999_99, addMs(inDays(52), -1)],
])('the time is drawn evenly from the window: %s', (random, expected) => {
  expect(told(info(), healthy(), random).renewalInfo?.window?.selected).toBe(
    expected.toISOString(),
  );
});

test('the time drawn stays while the window does, and is drawn again in another one', () => {
  const first = told(info(), healthy(), 0.1);
  const again = told(info(), first, 0.9);
  expect(again.renewalInfo?.window).toEqual(first.renewalInfo?.window);
  const moved = told(info({ end: inDays(51) }), again, 0.9);
  expect(moved.renewalInfo?.window?.selected).toBe(addMs(inDays(50), 0.9 * dayMs).toISOString());
});

test.each([
  ['as asked', 7 * hourMs, 7 * hourMs],
  ['a second is a minute', secondMs, minuteMs],
  ['a time in the past is a minute', -dayMs, minuteMs],
  ['a week is a day', 7 * dayMs, dayMs],
])('Retry-After is kept within a minute and a day: %s', (_, asked, expected) => {
  expect(nextCheck(told(info({ retryAfter: addMs(now, asked) })))).toBe(expected);
});

test('without Retry-After the CA is asked again after six hours, without an opinion after a day', () => {
  expect(nextCheck(told(info()))).toBe(6 * hourMs);
  expect(nextCheck(told(null))).toBe(dayMs);
  expect(told(null).renewalInfo?.window).toBeNull();
});

test('a CA that stops having an opinion takes its window back', () => {
  expect(told(null, told(info())).renewalInfo?.window).toBeNull();
});

const down = new CertkeepError('IssuerUnreachable', 'no answer in time');
const limited = (at: Date) => new CertkeepError('IssuerRateLimited', 'slow down', { retryAt: at });
const broken = new CertkeepError('IssuerAnswerInvalid', 'ends before it begins');

test('an outage is waited for longer and longer, up to six hours, and the window stays', () => {
  let record = told(info());
  const waits = Array.from({ length: 11 }, () => {
    record = withoutAdvice(record, version, down, now);
    return nextCheck(record) / minuteMs;
  });
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
  expect(record.renewalInfo?.window).toEqual(told(info()).renewalInfo?.window);
  expect(record.renewalInfo).toMatchObject({
    failures: 11,
    failure: { message: 'no answer in time' },
  });
  expect(told(info(), record).renewalInfo).toMatchObject({ failures: 0, failure: null });
});

const unreachable = (code: string) =>
  new CertkeepError('IssuerUnreachable', code, { cause: Object.assign(new Error(code), { code }) });

test.each([
  ['an answer that cannot be read waits six hours', broken, 6 * hourMs],
  ['a name that is not found waits six hours', unreachable('ENOTFOUND'), 6 * hourMs],
  ['a closed port waits six hours', unreachable('ECONNREFUSED'), 6 * hourMs],
  ['a connection that broke waits a minute', unreachable('ECONNRESET'), minuteMs],
  [
    'a limit without a time waits six hours',
    new CertkeepError('IssuerRateLimited', 'slow down'),
    6 * hourMs,
  ],
  ['a limit waits as long as it says', limited(addMs(now, 3 * hourMs)), 3 * hourMs],
  ['a limit of days waits one', limited(inDays(3)), dayMs],
])('%s', (_, error, expected) => {
  expect(nextCheck(withoutAdvice(healthy(), version, error, now))).toBe(expected);
});

test.each<[string, Partial<Version>, Partial<CertificateRecord>, boolean]>([
  ['never asked', {}, {}, true],
  ['asked just now', {}, told(info()), false],
  ['asked about an earlier version', {}, { renewalInfo: { ...advice(), versionId: 'v0' } }, true],
  ['its time has come', {}, { renewalInfo: { ...advice(), nextCheckAt: now.toISOString() } }, true],
  ['it has ended', { notAfter: now.toISOString() }, {}, false],
  ['it has no identifier of its issuer', { renewalId: undefined }, {}, false],
  ['nobody knows which CA it came from', { origin: undefined }, {}, false],
  [
    'the issuer is another CA now',
    { origin: { ...origin(), directory: 'https://other.example/' } },
    {},
    false,
  ],
])('a CA is asked: %s', (_, change, record, expected) => {
  const held = { ...version, ...change };
  expect(renewalInfoDue(healthy(record), held, { issuers, recalls: {}, now })).toBe(expected);
});

test.each([
  ['in the future', inDays(50), inDays(52), false],
  ['under way, long before its time', inDays(-1), inDays(1), false],
  ['past, long before its time', inDays(-2), inDays(-1), true],
  ['a century ago', new Date('1926-01-01'), new Date('1926-01-02'), true],
])('a window %s', (_, start, end, expected) => {
  const advised = adviceOn(told(info({ start, end })), version);
  expect(mayBeRevoked(version, advised ?? advice())).toBe(expected);
});

test('a window that passed after it was learned, or in its usual time, says nothing of a revocation', () => {
  const window = info({ start: inDays(49), end: inDays(51) });
  const learnedLate = told(window, healthy(), 0.5, inDays(60));
  expect(mayBeRevoked(version, adviceOn(told(window), version) ?? advice())).toBe(false);
  expect(mayBeRevoked(version, adviceOn(learnedLate, version) ?? advice())).toBe(false);
});

function advice() {
  return told(info()).renewalInfo ?? expect.unreachable('advice was given');
}

function origin() {
  return version.origin ?? expect.unreachable('its origin is known');
}
