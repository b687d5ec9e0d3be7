import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterOne, type Bucket, emptyUntil, freeAt, left } from '#shared/rate-limits/bucket.ts';
import { addMs, dayMs, hourMs, secondMs } from '#shared/time/clock.ts';
import { runs } from '#test/support/full.ts';
import { now } from '#test/support/healthy.ts';

const fivePerHour = { count: 5, perMs: hourMs };

test('a bucket that nobody took from is full', () => {
  expect(left(undefined, fivePerHour, now)).toBe(5);
  expect(freeAt(undefined, fivePerHour, now)).toEqual(now);
});

test('taken tokens come back one by one', () => {
  let bucket: Bucket;
  for (let taken = 0; taken < 5; taken += 1) bucket = afterOne(bucket, fivePerHour, now);
  expect(left(bucket, fivePerHour, now)).toBe(0);
  expect(left(bucket, fivePerHour, addMs(now, 12 * 60 * secondMs))).toBe(1);
  expect(left(bucket, fivePerHour, addMs(now, hourMs))).toBe(5);
  // A little later than by our clock, since the CA counts by its own.
  const free = freeAt(bucket, fivePerHour, now).getTime() - now.getTime();
  expect(free).toBe(12 * 60 * secondMs + 10 * secondMs);
});

test('reserved tokens are not free', () => {
  const bucket = afterOne(undefined, fivePerHour, now);
  expect(freeAt(bucket, fivePerHour, now, 3)).toEqual(now);
  expect(freeAt(bucket, fivePerHour, now, 4).getTime()).toBeGreaterThan(now.getTime());
});

test('a bucket that is said to be empty until a time is free then, and not for two', () => {
  const until = addMs(now, 3 * hourMs);
  const bucket = emptyUntil(until, fivePerHour);
  expect(left(bucket, fivePerHour, addMs(until, -1_000))).toBe(0);
  expect(left(bucket, fivePerHour, until)).toBe(1);
});

test('10,000 histories: it is never freer than a bucket that is filled as time passes', () => {
  const limits = fc.record({
    count: fc.integer({ min: 1, max: 400 }),
    perMs: fc.integer({ min: 60 * secondMs, max: 7 * dayMs }),
  });
  const waits = fc.array(fc.integer({ min: 0, max: hourMs / 2 }), { maxLength: 60 });
  let refused = 0;
  fc.assert(
    fc.property(limits, waits, (limit, gaps) => {
      let at = now;
      let bucket: Bucket;
      let tokens = limit.count;
      for (const gap of gaps) {
        at = addMs(at, gap);
        tokens = Math.min(limit.count, tokens + (gap / limit.perMs) * limit.count);
        if (freeAt(bucket, limit, at) > at) {
          refused += 1;
          continue;
        }
        expect(tokens).toBeGreaterThanOrEqual(1 - 1e-3);
        tokens -= 1;
        bucket = afterOne(bucket, limit, at);
      }
    }),
    { numRuns: runs(10_000) },
  );
  expect(refused).toBeGreaterThan(runs(1_000));
});
