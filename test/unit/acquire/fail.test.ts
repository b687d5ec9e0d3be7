import { describe, expect, test } from 'vitest';
import { progressOf } from '#shared/acquire/progress.ts';
import { CertkeepError } from '#shared/errors.ts';
import { addMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import { failedAttempt } from '#test/support/failed-attempt.ts';
import { attemptOf, failureUntil, healthy, now, wanted } from '#test/support/healthy.ts';

const later = addMs(now, hourMs);

test('a slow order is parked: no failure, no event, the same order', async () => {
  const retryAt = addMs(now, 30 * secondMs);
  const { outcome, record } = await failedAttempt(
    new CertkeepError('OrderTimedOut', 'slow', { retryAt }),
  );
  expect(outcome).toBe('waiting');
  expect(record).toMatchObject({ acquireFailure: null, outbox: [] });
  expect(record.attempt).toMatchObject({
    orderUrl: 'https://ca.example/order/1',
    lookAgainAt: retryAt.toISOString(),
  });
});

test('a rate limit is parked until its time and counts nothing', async () => {
  const limited = new CertkeepError('IssuerRateLimited', 'too many', { retryAt: later });
  const { outcome, record } = await failedAttempt(limited, { acquireFailure: failureUntil(now) });
  expect(outcome).toBe('waiting');
  expect(record.acquireFailure).toMatchObject({ count: 1, error: 'IssuerRateLimited' });
  expect(Date.parse(record.acquireFailure?.nextAttemptAt ?? '')).toBeGreaterThanOrEqual(+later);
  expect(record.outbox).toEqual([]);
});

test('a refused order is dropped and the key kept', async () => {
  const { record } = await failedAttempt(new CertkeepError('OrderInvalid', 'no TXT record'));
  expect(record.attempt).toMatchObject({ id: 'a1', orderUrl: null });
  expect(record.outbox.map(({ type }) => type)).toEqual(['failed']);
});

test('the third failure hands over, with a key and an order of its own, at once', async () => {
  const two = wanted({ issuers: ['local', 'other'] });
  const down = new CertkeepError('IssuerUnreachable', 'no answer in time');
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

test('an error without a name is recorded, reported, logged as an error and not thrown', async () => {
  const { outcome, record, errors } = await failedAttempt(new TypeError('broken'));
  expect(outcome).toBe('failed');
  expect(errors).toMatchObject([{ outcome: 'TypeError', reason: 'broken' }]);
  expect(record.acquireFailure?.error).toBe('TypeError');
  expect(record.outbox).toHaveLength(1);
});

test('a lost lease writes nothing: somebody else goes on', async () => {
  const { outcome, record } = await failedAttempt(new CertkeepError('LeaseLost', 'gone'));
  expect(outcome).toBe('busy');
  expect(record).toEqual(healthy({ attempt: record.attempt }));
});

test('a version that was made desired by a write without an answer is issued', async () => {
  const { outcome, record } = await failedAttempt(new Error('socket hang up'), {
    desired: 'a1',
    attempt: null,
  });
  expect(outcome).toBe('issued');
  expect(record.acquireFailure).toBeNull();
});

test('the reason is logged even when the ledger does not take it', async () => {
  const { outcome, logged } = await failedAttempt(new CertkeepError('OrderInvalid', 'x'), {
    attempt: null,
  });
  expect(outcome).toBeInstanceOf(Error);
  expect(logged).toEqual(['attempt failed']);
});

describe('a run that its own deadline has ended', () => {
  const ended = new DOMException('the run ends soon', 'TimeoutError');
  const pastDeadline = (...given: Parameters<typeof failedAttempt>) =>
    withinDeadline(AbortSignal.abort(ended), () => failedAttempt(...given));

  test('is written down although its deadline has passed, and comes again in a minute', async () => {
    const { outcome, record } = await pastDeadline(ended);
    expect([outcome, record.acquireFailure?.error]).toEqual(['failed', 'RunOutOfTime']);
    const waitsMs = Date.parse(record.acquireFailure?.nextAttemptAt ?? '') - now.getTime();
    expect(waitsMs).toBeGreaterThanOrEqual(minuteMs);
    expect(waitsMs).toBeLessThan(2 * minuteMs);
    expect(record.attempt).toMatchObject({ id: 'a1', orderUrl: 'https://ca.example/order/1' });
    expect(record.outbox).toEqual([]);
  });

  test('is told when it is the fourth in a row', async () => {
    const acquireFailure = { ...failureUntil(now), error: 'RunOutOfTime', count: 3, passing: 3 };
    const { record } = await pastDeadline(ended, { acquireFailure });
    expect(record.outbox.map(({ type, details }) => [type, details.error])).toEqual([
      ['failed', 'RunOutOfTime'],
    ]);
  });

  test('is known under the words of a service that was being asked', async () => {
    const asked = new CertkeepError('DnsServiceUnreachable', 'no answer', { cause: ended });
    expect((await pastDeadline(asked)).record.acquireFailure?.error).toBe('RunOutOfTime');
    const refused = new CertkeepError('DnsChangeRefused', 'no');
    expect((await pastDeadline(refused)).record.acquireFailure?.error).toBe('DnsChangeRefused');
  });

  test('goes on at once where it has come further, and earlier such runs are forgotten', async () => {
    const acquireFailure = { ...failureUntil(later), error: 'RunOutOfTime', count: 2, passing: 2 };
    const begunAt = progressOf(healthy({ attempt: attemptOf({}) }));
    const { outcome, record } = await pastDeadline(ended, { acquireFailure }, { begunAt });
    expect([outcome, record.acquireFailure, record.outbox]).toEqual(['goes-on', null, []]);
  });

  test('keeps the count of refusals, so that the waits after the next one go on growing', async () => {
    const acquireFailure = { ...failureUntil(later), count: 3 };
    const begunAt = progressOf(healthy({ attempt: attemptOf({}) }));
    const { record } = await pastDeadline(ended, { acquireFailure }, { begunAt });
    expect(record.acquireFailure).toMatchObject({ count: 3, nextAttemptAt: now.toISOString() });
  });
});
