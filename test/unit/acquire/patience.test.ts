import { expect, test } from 'vitest';
import { sinceWhen, waitedFor } from '#shared/acquire/failure/patience.ts';
import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { failedAttempt } from '#test/support/failed-attempt.ts';
import { attemptOf, now } from '#test/support/healthy.ts';

const soon = addMs(now, minuteMs);
const error = (name: ErrorName) => new CertkeepError(name, 'x', { retryAt: soon });
const since = (ms: number, waitingFor?: ErrorName) => ({
  waitingSince: addMs(now, -ms).toISOString(),
  ...(waitingFor && { waitingFor }),
});

test.each<[ErrorName, ErrorName]>([
  ['OrderTimedOut', 'OrderStuck'],
  ['IssuerRateLimited', 'OrderStuck'],
  ['DnsChangeTimedOut', 'DnsChangeTimedOut'],
  ['DnsRateLimited', 'DnsRateLimited'],
])('%s is waited for, and a failure (%s) when it was the answer for two hours', (name, then) => {
  const early = waitedFor(error(name), since(2 * hourMs - minuteMs, name), now);
  expect(early).toMatchObject({ waits: true, error: { name } });
  const late = waitedFor(error(name), since(2 * hourMs, name), now);
  expect(late).toMatchObject({ waits: false, error: { name: then, retryAt: soon } });
  expect((late.error as Error).message).toContain(', since ');
});

test('an earlier wait says nothing about this one', () => {
  const dns = waitedFor(error('OrderTimedOut'), since(3 * hourMs, 'DnsChangeTimedOut'), now);
  expect(dns.waits).toBe(true);
  expect(sinceWhen(since(3 * hourMs, 'IssuerRateLimited'), error('OrderTimedOut'), now)).toEqual({
    waitingSince: now.toISOString(),
    waitingFor: 'OrderTimedOut',
  });
});

test('a wait that certkeep itself imposes may last, however long', () => {
  const spent = error('BudgetSpent');
  expect(waitedFor(spent, since(50 * hourMs, 'BudgetSpent'), now)).toEqual({
    error: spent,
    waits: true,
  });
});

test('a record from before it was said what is waited for speaks of the order', () => {
  expect(waitedFor(error('OrderTimedOut'), since(2 * hourMs), now).waits).toBe(false);
});

test('no other error is a wait', () => {
  expect(waitedFor(error('IssuerUnreachable'), since(3 * hourMs), now).waits).toBe(false);
  const timeless = new CertkeepError('IssuerRateLimited', 'x');
  expect(waitedFor(timeless, {}, now)).toEqual({ error: timeless, waits: false });
});

test('a failure in between ends a wait; one of the wait itself does not', async () => {
  const attempt = attemptOf(since(3 * hourMs, 'OrderTimedOut'));
  const down = await failedAttempt(error('IssuerUnreachable'), { attempt });
  expect(down.record.attempt).toMatchObject({ waitingSince: null, waitingFor: null });
  const stuck = await failedAttempt(error('OrderTimedOut'), { attempt });
  expect(stuck.record.attempt).toMatchObject(since(3 * hourMs, 'OrderTimedOut'));
});

test('a limit of a day that was waited for says nothing of how fast the order is then', async () => {
  const limited = await failedAttempt(error('IssuerRateLimited'), {
    attempt: attemptOf(since(hourMs, 'OrderTimedOut')),
  });
  expect(limited.record.attempt).toMatchObject({ waitingSince: now.toISOString() });
});
