import { expect, test } from 'vitest';
import { nextFailure, parkUntil } from '#shared/ledger/backoff.ts';
import type { Failure } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';

const now = new Date('2026-11-22T03:00:00Z');
const refused = { name: 'IssuerRefused', message: 'no', retryAt: null };
const farEnd = addMs(now, 60 * dayMs);

function failed(count: number): Failure | null {
  if (count === 0) return null;
  const at = now.toISOString();
  return { count, lastAt: at, nextAttemptAt: at, error: 'IssuerRefused', message: 'no' };
}

function waitMs(failure: Failure): number {
  return new Date(failure.nextAttemptAt).getTime() - now.getTime();
}

test.each([
  [0, 1, minuteMs],
  [1, 2, 10 * minuteMs],
  [2, 3, 100 * minuteMs],
  [3, 4, dayMs],
  [40, 41, dayMs],
])('after %i failures the next one is number %i and waits %i ms', (before, count, delayMs) => {
  const failure = nextFailure(failed(before), refused, now, { endOfLife: farEnd });
  expect(failure.count).toBe(count);
  expect(waitMs(failure)).toBe(delayMs);
});

test('the failure tells its error, its message and its time', () => {
  const failure = nextFailure(null, refused, now, { endOfLife: null });
  expect(failure).toMatchObject({
    error: 'IssuerRefused',
    message: 'no',
    lastAt: now.toISOString(),
  });
});

test('a message as long as a page is cut', () => {
  const failure = nextFailure(null, { ...refused, message: 'x'.repeat(9_999) }, now, {
    endOfLife: null,
  });
  expect(failure.message).toHaveLength(1_000);
});

test('configured delays replace the usual ones', () => {
  const limits = { delaysMs: [secondMs, 2 * secondMs], endOfLife: farEnd };
  expect(waitMs(nextFailure(null, refused, now, limits))).toBe(secondMs);
  expect(waitMs(nextFailure(failed(7), refused, now, limits))).toBe(2 * secondMs);
});

test('jitter adds up to a tenth and is the caller’s', () => {
  const limits = { endOfLife: farEnd };
  expect(waitMs(nextFailure(null, refused, now, { ...limits, jitter: 1 }))).toBe(66 * secondMs);
  expect(waitMs(nextFailure(null, refused, now, { ...limits, jitter: 0.5 }))).toBe(63 * secondMs);
});

test('a rate limit parks until the time named and counts as no failure', () => {
  const retryAt = addMs(now, 34 * hourMs);
  const limited = { name: 'IssuerRateLimited', message: 'later', retryAt };
  expect(nextFailure(null, limited, now, { endOfLife: farEnd })).toMatchObject({
    count: 0,
    nextAttemptAt: retryAt.toISOString(),
  });
  expect(nextFailure(failed(3), limited, now, { endOfLife: farEnd }).count).toBe(3);
  const next = nextFailure(nextFailure(null, limited, now, { endOfLife: farEnd }), refused, now, {
    endOfLife: farEnd,
  });
  expect(next.count).toBe(1);
  expect(waitMs(next)).toBe(minuteMs);
});

test('a rate limit that names no time is counted, so that the waits grow', () => {
  const paused = { name: 'IssuerRateLimited', message: 'paused', retryAt: null };
  expect(nextFailure(failed(3), paused, now, { endOfLife: farEnd })).toMatchObject({
    count: 4,
    nextAttemptAt: addMs(now, dayMs).toISOString(),
  });
});

test('another error with a Retry-After is a failure that waits at least so long', () => {
  const busy = { name: 'IssuerUnreachable', message: '503', retryAt: addMs(now, hourMs) };
  expect(nextFailure(null, busy, now, { endOfLife: farEnd })).toMatchObject({ count: 1 });
  expect(waitMs(nextFailure(null, busy, now, { endOfLife: farEnd }))).toBe(hourMs);
  expect(waitMs(nextFailure(failed(3), busy, now, { endOfLife: farEnd }))).toBe(dayMs);
});

test('a time named in the past changes nothing, one in years is not believed', () => {
  const past = { ...refused, retryAt: addMs(now, -hourMs) };
  expect(waitMs(nextFailure(null, past, now, { endOfLife: farEnd }))).toBe(minuteMs);
  expect(parkUntil(addMs(now, 3_650 * dayMs), now, { endOfLife: null })).toEqual(
    addMs(now, 7 * dayMs),
  );
});

test.each([
  ['two days before the end', 2 * dayMs, 12 * hourMs],
  ['four hours before the end', 4 * hourMs, hourMs],
  ['forty minutes before the end', 40 * minuteMs, 15 * minuteMs],
  ['ten minutes before the end', 10 * minuteMs, 5 * minuteMs],
  ['ninety seconds before the end', 90 * secondMs, minuteMs],
  ['thirty seconds before the end', 30 * secondMs, 30 * secondMs],
  ['after the end', -dayMs, hourMs],
])('%s the daily try comes sooner', (_, remainingMs, expectedMs) => {
  const limits = { endOfLife: addMs(now, remainingMs), jitter: 1 };
  expect(waitMs(nextFailure(failed(9), refused, now, limits))).toBe(expectedMs);
});

test('no failure ever sleeps past the end of the certificate’s life', () => {
  for (let remainingMs = secondMs; remainingMs < 90 * dayMs; remainingMs *= 1.7) {
    const endOfLife = addMs(now, remainingMs);
    for (const named of [null, addMs(now, remainingMs * 0.9), addMs(now, 30 * dayMs)]) {
      for (const name of ['IssuerRefused', 'IssuerRateLimited']) {
        const cause = { name, message: '', retryAt: named };
        const failure = nextFailure(failed(9), cause, now, { endOfLife, jitter: 1 });
        expect(new Date(failure.nextAttemptAt) <= endOfLife).toBe(true);
      }
    }
  }
});
