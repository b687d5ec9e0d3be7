import { expect, test } from 'vitest';
import { isToBeTold, postponed, withoutProof, withProof } from '#shared/acquire/fallbacks.ts';
import { addMs, dayMs, hourMs } from '#shared/clock.ts';
import type { ErrorName } from '#shared/errors.ts';
import type { CertificateRecord, FallbackState } from '#shared/ledger/record.ts';
import { healthy, now, versionOf } from '#test/support/healthy.ts';

function state({ fallbacks }: CertificateRecord): FallbackState {
  return fallbacks.second ?? expect.unreachable('it was looked at');
}

function failedTimes(times: number, name: ErrorName, retryAt: Date | null = null) {
  const error = { name, message: 'x', retryAt };
  let record = healthy();
  for (let time = 0; time < times; time += 1) record = withoutProof(record, 'second', error, now);
  return state(record);
}

test.each<[ErrorName, number, number]>([
  ['IssuerRefused', 1, dayMs],
  ['CaaForbids', 1, dayMs],
  ['OrderTimedOut', 5, hourMs],
  ['DnsChangeTimedOut', 5, hourMs],
  ['DnsRateLimited', 5, hourMs],
  ['IssuerRateLimited', 5, hourMs],
  ['BudgetSpent', 5, hourMs],
])('%s is told from try %i on, and the next one is %i ms later', (name, first, waitMs) => {
  const told = Array.from({ length: 15 }, (_, at) => isToBeTold(failedTimes(at + 1, name)));
  expect(told.flatMap((each, at) => (each ? [at + 1] : []))).toEqual(
    [first, first + 7, first + 14].filter((at) => at <= 15),
  );
  expect(failedTimes(1, name).nextCheckAt).toBe(addMs(now, waitMs).toISOString());
});

test('a time that is named is waited for, a week at most', () => {
  const next = (retryAt: Date) => Date.parse(failedTimes(1, 'BudgetSpent', retryAt).nextCheckAt);
  expect(next(addMs(now, 2 * dayMs)) - +now).toBe(2 * dayMs);
  expect(next(addMs(now, 20 * dayMs)) - +now).toBe(7 * dayMs);
});

test('what was known stays while it is asked', () => {
  const proven = withProof(healthy(), 'second', versionOf(), now);
  const asked = state(postponed(proven, 'second', addMs(now, dayMs)));
  expect(asked).toMatchObject({ provenAt: now.toISOString(), failures: 0 });
  expect(asked.nextCheckAt).toBe(addMs(now, dayMs + hourMs).toISOString());
});
