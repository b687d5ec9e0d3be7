import { expect, test } from 'vitest';
import { decideFailure, type FailedRun } from '#shared/acquire/failure/decide-failure.ts';
import { waitedFor } from '#shared/acquire/failure/patience.ts';
import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import { embeddedProblem } from '#shared/issuers/acme/problem.ts';
import type { Attempt } from '#shared/ledger/record/record.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { attemptOf, failureUntil, healthy, now, versionOf, wanted } from '#test/support/healthy.ts';

const later = addMs(now, hourMs);
const two = { certificate: wanted({ issuers: ['local', 'other'] }) };
const sent = { csr: 'AA', orderUrl: 'https://ca.example/order/1' };
const cause = embeddedProblem({ type: 'urn:ietf:params:acme:error:dns', detail: 'x' }, '');

type Before = Partial<Attempt> & { readonly count?: number; readonly notAfter?: string };

/** What becomes of an attempt that met it, with so many failures before; one issuer unless another run is given. */
function after(
  error: unknown,
  { count = 0, notAfter, ...change }: Before = {},
  run: Partial<FailedRun> = {},
) {
  const attempt = attemptOf(change);
  const acquireFailure = count > 0 ? failureUntil(now, { count }) : null;
  const usual = { certificate: wanted(), open: new Set<string>(), jitter: 0 };
  const timing = { now, delaysMs: [minuteMs, 10 * minuteMs] };
  const met = waitedFor(error, attempt, now);
  const facts = { attemptId: 'a1', ...met, ...usual, ...timing, ...run };
  const versions = [versionOf(notAfter ? { notAfter } : {})];
  return decideFailure(healthy({ attempt, acquireFailure, versions }), facts);
}

test.each<[ErrorName, Date | null, string]>([
  ['OrderTimedOut', later, 'parked'],
  ['OrderTimedOut', null, 'parked'],
  ['DnsChangeTimedOut', null, 'parked'],
  ['DnsRateLimited', later, 'parked'],
  ['IssuerRateLimited', later, 'limited'],
  ['BudgetSpent', later, 'limited'],
  // Without a time they would be asked for ever.
  ['DnsRateLimited', null, 'failed'],
  ['IssuerRateLimited', null, 'failed'],
  ['IssuerUnreachable', later, 'failed'],
])('%s until %s: %s', (name, retryAt, becomes) => {
  expect(after(new CertkeepError(name, 'x', { retryAt })).becomes).toBe(becomes);
});

test('a wait without a time ends after a minute, and any other at its time', () => {
  const slow = (retryAt: Date | null) =>
    after(new CertkeepError('OrderTimedOut', 'x', { retryAt }));
  expect(slow(null)).toEqual({ becomes: 'parked', until: addMs(now, minuteMs) });
  expect(slow(later)).toEqual({ becomes: 'parked', until: later });
});

test('it waits for at most three quarters of the life that is left to the certificate in service', () => {
  const before = { notAfter: later.toISOString() };
  const until = addMs(now, 45 * minuteMs);
  const met = (name: ErrorName) =>
    new CertkeepError(name, 'x', { retryAt: addMs(now, 2 * hourMs) });
  expect(after(met('OrderTimedOut'), before)).toEqual({ becomes: 'parked', until });
  const failure = { nextAttemptAt: until.toISOString() };
  expect(after(met('IssuerUnreachable'), before)).toMatchObject({ failure });
});

test('a limit counts nothing, and a failure one more; both keep the time that was named', () => {
  const nextAttemptAt = later.toISOString();
  const limited = new CertkeepError('IssuerRateLimited', 'x', { retryAt: later });
  expect(after(limited, { count: 1 })).toMatchObject({ failure: { count: 1, nextAttemptAt } });
  const down = new CertkeepError('IssuerUnreachable', 'x', { retryAt: later });
  expect(after(down, { count: 1 })).toMatchObject({ failure: { count: 2, nextAttemptAt } });
});

test.each<[what: string, ErrorName, Before, goesOnWith: string]>([
  ['an order that the CA refuses', 'OrderInvalid', {}, 'another-order'],
  ['the same once its CSR is sent', 'OrderInvalid', sent, 'another-key'],
  ['an order that the CA lost', 'OrderForgotten', {}, 'another-order'],
  ['the same once its CSR is sent', 'OrderForgotten', sent, 'another-key'],
  ['a certificate that is of no use', 'CertificateRejected', {}, 'another-key'],
  ['an attempt that somebody else wrote', 'AttemptNotOurs', {}, 'another-key'],
  [
    'a CA that answers and refuses for the fifth time',
    'IssuerRefused',
    { count: 4 },
    'another-key',
  ],
  ['a CA that breaks the protocol so often', 'IssuerAnswerInvalid', { count: 4 }, 'another-key'],
  ['a CA that comes to no end so often', 'OrderStuck', { count: 9 }, 'another-key'],
  ['a refusal the second time', 'IssuerRefused', { count: 1 }, 'the-same-order'],
  ['a CA that is down for the fifth time', 'IssuerUnreachable', { count: 4 }, 'the-same-order'],
])('%s (%s)', (_, name, before, goesOnWith) => {
  expect(after(new CertkeepError(name, 'no'), before)).toMatchObject({ goesOnWith });
});

test.each<[what: string, ErrorName, faults: number]>([
  ['the CA fails', 'IssuerUnreachable', 2],
  ['the CA refuses without a word that is known', 'IssuerRefused', 2],
  ['the CA limits without a time', 'IssuerRateLimited', 2],
  ['the CA found no value, and so works', 'OrderInvalid', 0],
  ['the CA was not come to', 'DnsChangeRefused', 1],
])('faults in a row of an issuer, where %s (%s): %s', (_, name, faults) => {
  const known = name === 'OrderInvalid' ? { cause } : {};
  expect(after(new CertkeepError(name, 'no', known), { faults: 1 }, two)).toMatchObject({ faults });
});

test('the third failure in a row hands over, at once', () => {
  const down = new CertkeepError('IssuerUnreachable', 'no answer in time');
  expect(after(down, { faults: 1 }, two).becomes).toBe('failed');
  const to = { issuer: 'other', tried: ['local'], atOnce: true };
  expect(after(down, { faults: 2 }, two)).toMatchObject({ becomes: 'handed-over', to });
});

test('when all had their turn the waits grow, whatever time one of them named', () => {
  const before = { issuer: 'other', tried: ['local'], faults: 2, count: 1 };
  const limited = new CertkeepError('IssuerUnreachable', 'x', { retryAt: addMs(now, 20 * hourMs) });
  expect(after(limited, before, two)).toMatchObject({
    to: { issuer: 'local', tried: ['local', 'other'], atOnce: false },
    failure: { count: 2, nextAttemptAt: addMs(now, 10 * minuteMs).toISOString() },
  });
});

test('an error without a name of certkeep keeps its own when an issuer is asked again', () => {
  const error = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  const before = { faults: 2, tried: ['local', 'other'], notAfter: later.toISOString() };
  const to = { issuer: 'other', tried: ['local', 'other'], atOnce: false };
  expect(after(error, before, two)).toMatchObject({
    becomes: 'handed-over',
    to,
    failure: { error: 'ECONNRESET', message: 'reset' },
  });
});
