import { describe, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { embeddedProblem } from '#shared/issuers/acme/problem.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { failedAttempt } from '#test/support/failed-attempt.ts';
import { attemptOf, failureUntil, now, wanted } from '#test/support/healthy.ts';

describe('with another issuer', () => {
  const two = wanted({ issuers: ['local', 'other'] });
  const down = new CertkeepError('IssuerUnreachable', 'no answer in time');

  test('the third failure hands over, with a key and an order of its own, at once', async () => {
    const attempt = attemptOf({ faults: 2, keyStored: true, csr: 'AA', orderUrl: 'https://ca/1' });
    const { outcome, record } = await failedAttempt(down, { attempt }, { certificate: two });
    expect(outcome).toBe('failed');
    expect(record.attempt).toMatchObject({
      issuer: 'other',
      tried: ['local'],
      faults: 0,
      keyStored: false,
      csr: null,
      orderUrl: null,
      reason: attempt.reason,
    });
    expect(record.attempt?.id).not.toBe('a1');
    expect(record.acquireFailure).toMatchObject({ count: 0, nextAttemptAt: now.toISOString() });
    expect(record.outbox).toMatchObject([
      { summary: 'shop could not be renewed: IssuerUnreachable at local; other takes its place' },
    ]);
  });

  test('failures before that are counted for the issuer', async () => {
    const { record } = await failedAttempt(down, {}, { certificate: two });
    expect(record.attempt).toMatchObject({ id: 'a1', issuer: 'local', faults: 1 });
  });

  test.each([
    ['the CA found no value, and so works', 'OrderInvalid', 0],
    ['the CA was not come to', 'DnsChangeRefused', 2],
  ] as const)('failures that are not in a row with others: %s', async (_, name, faults) => {
    const attempt = attemptOf({ faults: 2 });
    const cause = embeddedProblem({ type: 'urn:ietf:params:acme:error:dns', detail: 'x' }, '');
    const error = new CertkeepError(name, 'no', { cause });
    const { record } = await failedAttempt(error, { attempt }, { certificate: two });
    expect(record.attempt?.faults).toBe(faults);
  });

  test('when all had their turn the waits grow, whatever time one of them named', async () => {
    const attempt = attemptOf({ issuer: 'other', tried: ['local'], faults: 2 });
    const retryAt = addMs(now, 20 * hourMs);
    const limited = new CertkeepError('IssuerUnreachable', 'maintenance', { retryAt });
    const failure = failureUntil(now, { count: 1 });
    const { record } = await failedAttempt(
      limited,
      { attempt, acquireFailure: failure },
      { certificate: two },
    );
    expect(record.attempt).toMatchObject({ issuer: 'local', tried: ['local', 'other'] });
    expect(record.acquireFailure?.count).toBe(2);
    const waitMs = Date.parse(record.acquireFailure?.nextAttemptAt ?? '') - now.getTime();
    expect(waitMs).toBeGreaterThanOrEqual(10 * minuteMs);
    expect(waitMs).toBeLessThan(12 * minuteMs);
  });

  test('a new attempt at the same issuer remembers who had a turn', async () => {
    const attempt = attemptOf({ tried: ['other'], csr: 'AA' });
    const { record } = await failedAttempt(
      new CertkeepError('OrderInvalid', 'refused'),
      { attempt },
      { certificate: two },
    );
    expect(record.attempt).toMatchObject({ issuer: 'local', tried: ['other'] });
  });
});

test('an order that is waited for for two hours is stuck, and not a minute earlier', async () => {
  const slow = new CertkeepError('OrderTimedOut', 'order is still processing');
  const since = (ms: number) => attemptOf({ waitingSince: addMs(now, -ms).toISOString() });
  const early = await failedAttempt(slow, { attempt: since(2 * hourMs - minuteMs) });
  expect(early.outcome).toBe('waiting');
  const late = await failedAttempt(slow, { attempt: since(2 * hourMs) });
  expect(late.outcome).toBe('failed');
  expect(late.record.acquireFailure).toMatchObject({ error: 'OrderStuck', count: 1 });
  expect(late.logged).toEqual(['waiting', 'attempt failed']);
});
