import { expect, test } from 'vitest';
import { type FailoverSituation, failoverAfter } from '#shared/acquire/failure/failover.ts';
import { faultOf } from '#shared/acquire/failure/fault.ts';
import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import { embeddedProblem } from '#shared/issuers/acme/problem.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { attemptOf, inDays, now, versionOf } from '#test/support/healthy.ts';

const down = new CertkeepError('IssuerUnreachable', 'no answer in time');
const limitedFor = (hours: number) =>
  new CertkeepError('IssuerRateLimited', 'slow down', { retryAt: addMs(now, hours * hourMs) });

function problem(type: string) {
  return embeddedProblem(
    { type: `urn:ietf:params:acme:error:${type}`, detail: 'x' },
    'https://ca/',
  );
}

/** 25 days before its end, at the first of three issuers. */
function after(error: unknown, change: Partial<FailoverSituation> = {}) {
  return failoverAfter({
    certificate: { issuers: ['a', 'b', 'c'] },
    attempt: attemptOf({ issuer: 'a', faults: 2 }),
    error,
    version: versionOf({
      notBefore: inDays(-65).toISOString(),
      notAfter: inDays(25).toISOString(),
    }),
    open: new Set(),
    now,
    ...change,
  });
}

test.each<[ErrorName, string]>([
  ['IssuerUnreachable', 'theirs'],
  ['IssuerAnswerInvalid', 'theirs'],
  ['CertificateRejected', 'theirs'],
  ['OrderStuck', 'theirs'],
  ['OrderForgotten', 'theirs'],
  ['IssuerRateLimited', 'limited'],
  ['IssuerRefused', 'unclear'],
  ['OrderInvalid', 'unclear'],
  ['ProfileUnavailable', 'refusal'],
  ['ExternalAccountUnreadable', 'refusal'],
  ['CaaForbids', 'refusal'],
  ['OrderTimedOut', 'nobodys'],
  ['DnsChangeRefused', 'nobodys'],
  ['ZoneNotFound', 'nobodys'],
  ['KeyStoreUnreadable', 'unclear'],
  ['StagingRefused', 'refusal'],
])('%s is %s', (name, fault) => {
  expect(faultOf(new CertkeepError(name, 'x'))).toBe(fault);
});

test.each(['dns', 'unauthorized', 'connection', 'tls', 'rejectedIdentifier'])(
  'an order that ends with %s is ours',
  (type) => {
    expect(faultOf(new CertkeepError('OrderInvalid', 'x', { cause: problem(type) }))).toBe('ours');
  },
);

test('an order that ends by a failure of the CA is theirs', () => {
  const cause = problem('serverInternal');
  expect(faultOf(new CertkeepError('OrderInvalid', 'x', { cause }))).toBe('theirs');
});

test.each([
  ['unauthorized', 'refusal'],
  ['userActionRequired', 'refusal'],
  ['rateLimited', 'refusal'],
  ['caa', 'refusal'],
  ['rejectedIdentifier', 'ours'],
  ['malformed', 'unclear'],
])('a CA that refuses a request as %s: %s', (type, fault) => {
  expect(faultOf(new CertkeepError('IssuerRefused', 'x', { cause: problem(type) }))).toBe(fault);
});

test('an error without a name may belong to one CA alone, unless the run was over', () => {
  expect(faultOf(new TypeError('broken'))).toBe('unclear');
  expect(faultOf(new DOMException('over', 'TimeoutError'))).toBe('nobodys');
});

test('the third failure in a row is the last; the next issuer begins at once', () => {
  expect(after(down, { attempt: attemptOf({ issuer: 'a', faults: 1 }) })).toBeNull();
  expect(after(down)).toEqual({ issuer: 'b', tried: ['a'], atOnce: true });
});

test('with one issuer there is nowhere to go', () => {
  expect(after(down, { certificate: { issuers: ['a'] } })).toBeNull();
});

test.each<[string, Partial<FailoverSituation>]>([
  ['others have found it failing', { open: new Set(['a']) }],
  [
    'the end is near',
    {
      version: versionOf({
        notAfter: inDays(5).toISOString(),
        notBefore: inDays(-85).toISOString(),
      }),
    },
  ],
])('one failure is enough where %s', (_, change) => {
  const attempt = attemptOf({ issuer: 'a', faults: 0 });
  expect(after(down, { attempt, ...change })?.issuer).toBe('b');
});

test.each([
  [12, null],
  [13, 'b'],
])('a CA that fails, and wants to be left alone for %s of 25 days, is left to %s', (days, next) => {
  const attempt = attemptOf({ issuer: 'a', faults: 0 });
  const failing = new CertkeepError('IssuerUnreachable', 'x', { retryAt: inDays(days) });
  expect(after(failing, { attempt })?.issuer ?? null).toBe(next);
});

test('a time that a failing CA names spares it no third failure', () => {
  const failing = new CertkeepError('IssuerUnreachable', 'x', { retryAt: addMs(now, hourMs) });
  expect(after(failing)?.issuer).toBe('b');
});

test('an order without end is left at once', () => {
  const attempt = attemptOf({ issuer: 'a', faults: 0 });
  expect(after(new CertkeepError('OrderStuck', 'x'), { attempt })?.issuer).toBe('b');
});

test.each([
  ['34 hours with 25 days left', 34, 25, null],
  ['34 hours with 3 days left', 34, 3, null],
  ['34 hours with 2 days left', 34, 2, 'b'],
  ['a minute with an hour left', 1 / 60, 1 / 24, null],
  ['an hour after the end', 1, -1, 'b'],
])('a limit of %s', (_, hours, daysLeft, expected) => {
  const version = versionOf({ notAfter: inDays(daysLeft).toISOString() });
  expect(after(limitedFor(hours), { version })?.issuer ?? null).toBe(expected);
});

test.each([
  [0.5, null],
  [2, 'b'],
])('a certificate that exists nowhere waits an hour for a limit: %s hours', (hours, expected) => {
  expect(after(limitedFor(hours), { version: null })?.issuer ?? null).toBe(expected);
});

test('an issuer that is known to fail is passed over', () => {
  expect(after(down, { open: new Set(['b']) })?.issuer).toBe('c');
});

test('once all had their turn, one follows the other with growing waits', () => {
  const attempt = (issuer: string) => attemptOf({ issuer, tried: ['a', 'b', 'c'], faults: 0 });
  const turn = (issuer: string) => after(down, { attempt: attempt(issuer) });
  expect(turn('a')).toEqual({ issuer: 'b', tried: ['a', 'b', 'c'], atOnce: false });
  expect(turn('c')?.issuer).toBe('a');
  expect(after(down, { attempt: attempt('a'), open: new Set(['b']) })?.issuer).toBe('c');
  expect(after(down, { attempt: attempt('a'), open: new Set(['b', 'c']) })?.issuer).toBe('b');
});

test('if all other issuers are known to fail, they get their turn with the usual waits', () => {
  expect(after(down, { open: new Set(['b', 'c']) })).toEqual({
    issuer: 'b',
    tried: ['a', 'b', 'c'],
    atOnce: false,
  });
});

test('an issuer that left the configuration is left', () => {
  const attempt = attemptOf({ issuer: 'gone', faults: 5 });
  expect(after(down, { attempt })?.issuer).toBe('a');
});
