import { expect, test } from 'vitest';
import { isWorthTelling, nextFailure } from '#shared/ledger/backoff.ts';
import type { Failure } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, minuteMs, secondMs } from '#shared/time/clock.ts';

const now = new Date('2026-11-22T03:00:00Z');
const limits = { endOfLife: addMs(now, 60 * dayMs) };

function after(names: readonly string[], given: Parameters<typeof nextFailure>[3] = limits) {
  let failure: Failure | null = null;
  for (const name of names) {
    failure = nextFailure(failure, { name, message: 'no', retryAt: null }, now, given);
  }
  return failure as unknown as Failure;
}

function waitMs({ nextAttemptAt }: Failure): number {
  return Date.parse(nextAttemptAt) - now.getTime();
}

const throttled = (times: number) => Array.from({ length: times }, () => 'ServiceThrottled');

test.each([
  [1, minuteMs],
  [2, 2 * minuteMs],
  [3, 5 * minuteMs],
  [4, 10 * minuteMs],
  [99, 10 * minuteMs],
])('after %i throttled tries the next one waits %i ms', (times, delayMs) => {
  expect(waitMs(after(throttled(times)))).toBe(delayMs);
});

test('a service that fails is waited for like one that throttles', () => {
  expect(waitMs(after(['ServiceThrottled', 'ServiceFailed']))).toBe(2 * minuteMs);
});

test.each(['ServiceDenied', 'ServiceRefused'])('%s has the usual waits', (name) => {
  expect([1, 2, 3].map((times) => waitMs(after(Array(times).fill(name))))).toEqual([
    minuteMs,
    10 * minuteMs,
    100 * minuteMs,
  ]);
});

test('throttling does not bring a refusal nearer to the long waits, nor the other way round', () => {
  expect(waitMs(after([...throttled(9), 'ListenerRefused']))).toBe(minuteMs);
  const refused = ['ListenerRefused', 'ListenerRefused', 'ListenerRefused'];
  expect(waitMs(after([...refused, 'ServiceThrottled']))).toBe(minuteMs);
  expect(after([...refused, 'ServiceThrottled'])).toMatchObject({ count: 4, passing: 1 });
});

test('calls that were throttled together come back up to half a wait apart', () => {
  expect(waitMs(after(throttled(1), { ...limits, jitter: 1 }))).toBeGreaterThan(90 * secondMs);
});

test('shorter waits that are configured hold for what passes, too', () => {
  expect(waitMs(after(throttled(3), { ...limits, delaysMs: [secondMs] }))).toBe(secondMs);
});

test('a turn in the import lane parks until it comes, and is no failure', () => {
  const retryAt = addMs(now, 40 * secondMs);
  const full = { name: 'ImportLaneFull', message: 'reserved', retryAt };
  const failure = nextFailure(null, full, now, limits);
  expect(failure).toMatchObject({ count: 0, nextAttemptAt: retryAt.toISOString() });
  expect(isWorthTelling(failure)).toBe(false);
});

test('trouble that passes is told when it has lasted, and then ever more rarely', () => {
  const told = Array.from({ length: 64 }, (_, index) => index + 1).filter((times) =>
    isWorthTelling(after(throttled(times))),
  );
  expect(told).toEqual([4, 8, 16, 32, 64]);
});

test('everything else is told each time', () => {
  expect(isWorthTelling(after([...throttled(2), 'ServiceDenied']))).toBe(true);
  expect(isWorthTelling(after(['IssuerRateLimited']))).toBe(true);
});
