import { expect, test } from 'vitest';
import {
  fallbackDue,
  isToBeTold,
  postponed,
  type StandIn,
  withoutProof,
  withProof,
} from '#shared/acquire/advice/fallbacks.ts';
import { withWish } from '#shared/check/operator-request.ts';
import type { ErrorName } from '#shared/errors.ts';
import type { CertificateRecord, FallbackState } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { healthy, issuers, now, versionOf, wanted } from '#test/support/healthy.ts';
import { updatedBy } from '#test/support/updated-by.ts';

const second: StandIn = { name: 'second', directory: 'https://second.example/directory' };

function state({ fallbacks }: CertificateRecord): FallbackState {
  return fallbacks.second ?? expect.unreachable('it was looked at');
}

function failing(names: readonly ErrorName[], retryAt: Date | null = null): CertificateRecord {
  return names.reduce<CertificateRecord>(
    (record, name) => withoutProof(record, second, { name, message: 'x', retryAt }, now),
    healthy(),
  );
}

const failedTimes = (times: number, name: ErrorName) =>
  state(failing(Array.from({ length: times }, () => name)));

const waitAfter = (known: FallbackState) => Date.parse(known.nextCheckAt) - now.getTime();

test.each<[ErrorName, number]>([
  ['IssuerRefused', 1],
  ['CaaForbids', 1],
  ['OrderTimedOut', 5],
  ['DnsChangeTimedOut', 5],
  ['DnsRateLimited', 5],
  ['IssuerRateLimited', 5],
])(
  '%s is told from try %i on: hourly before, daily after, and told every seventh',
  (name, first) => {
    const tries = Array.from({ length: 30 }, (_, at) => failedTimes(at + 1, name));
    const told = tries.flatMap((each, at) => (isToBeTold(each) ? [at + 1] : []));
    expect(told.slice(0, 3)).toEqual([first, first + 7, first + 14]);
    const waits = tries.map(waitAfter);
    expect(new Set(waits.slice(0, first - 1))).toEqual(new Set(first > 1 ? [hourMs] : []));
    expect(new Set(waits.slice(first - 1))).toEqual(new Set([dayMs]));
  },
);

test('a test that certkeep itself holds back is tried ever more rarely, and reported after a week', () => {
  const tries = Array.from({ length: 18 }, (_, at) => failedTimes(at + 1, 'BudgetSpent'));
  const [last, ...before] = tries.toReversed();
  expect(before.map(waitAfter).toReversed()).toEqual(before.map((_, at) => (at + 1) * hourMs));
  expect(before.some(isToBeTold)).toBe(false);
  expect(last && [isToBeTold(last), waitAfter(last)]).toEqual([true, dayMs]);
});

test('a refusal is told at once, however often it was slow before', () => {
  const record = failing(['OrderTimedOut', 'OrderTimedOut', 'IssuerRefused']);
  expect(state(record).failures).toBe(1);
  expect(isToBeTold(state(record))).toBe(true);
});

test.each([
  [2 * dayMs, 2 * dayMs],
  [20 * dayMs, 7 * dayMs],
])('a time that is named is waited for, a week at most', (asked, waits) => {
  expect(waitAfter(state(failing(['BudgetSpent'], addMs(now, asked))))).toBe(waits);
});

test('the previous result stays while the issuer is asked', () => {
  const proven = withProof(healthy(), second, versionOf(), now);
  const asked = state(postponed(proven, second, addMs(now, dayMs)));
  expect(asked).toMatchObject({ provenAt: now.toISOString(), failures: 0 });
  expect(asked.nextCheckAt).toBe(addMs(now, dayMs + hourMs).toISOString());
});

const due = (record: CertificateRecord, directory = second.directory, at = now) =>
  fallbackDue({
    certificate: wanted({ issuers: ['local', 'second'] }),
    issuers: { ...issuers, second: { ...issuers.local, directory } as never },
    record,
    now: at,
  });

test('another CA under the same name has proven nothing, and starts without failures', () => {
  const other = 'https://other.example/directory';
  const proven = withProof(healthy(), second, versionOf(), now);
  expect(due(proven)).toBeNull();
  expect(due(proven, other)).toEqual({ name: 'second', directory: other });
  const error = { name: 'IssuerRefused', message: 'x', retryAt: null };
  const failed = withoutProof(failing(['CaaForbids']), { ...second, directory: other }, error, now);
  expect(state(failed)).toMatchObject({ failures: 1, provenAt: null, directory: other });
});

test('a state from before the CA was kept with it is believed', () => {
  const { directory: _, ...before } = state(withProof(healthy(), second, versionOf(), now));
  expect(due(healthy({ fallbacks: { second: before } }))).toBeNull();
});

test('a retry asks at once what has failed, and leaves limits and what works alone', () => {
  const retried = (record: CertificateRecord) =>
    updatedBy(
      'check',
      record,
      (before) =>
        withWish(before, { kind: 'retry', reason: 'mended', overrides: false, runId: 'r' }, now),
      now,
    );
  const asked = retried(failing(['ExternalAccountUnreadable']));
  expect(due(asked)).toEqual(second);
  expect(state(asked).failures).toBe(1);
  expect(due(retried(failing(['IssuerRateLimited'])))).toBeNull();
  expect(due(retried(withProof(healthy(), second, versionOf(), now)))).toBeNull();
});
