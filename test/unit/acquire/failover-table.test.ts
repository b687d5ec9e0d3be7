import { expect, test } from 'vitest';
import {
  failoverColumns,
  failoverRows,
  failuresUntil,
  versionWith,
} from '#scripts/docs/failover-page.ts';
import { decideAcquire } from '#shared/acquire/decide.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { failedAttempt } from '#test/support/failed-attempt.ts';
import { attemptOf, issuers as configured, now, wanted } from '#test/support/healthy.ts';

const certificate = wanted({ names: ['example.com'], issuers: ['first', 'second'] });
const issuers = { first: configured.local, second: configured.local } as never;
const out = {
  attemptId: 'a1',
  solver: 'route53',
  zoneId: 'Z1',
  name: '_acme-challenge.example.com',
  value: 'x',
};

const cases = failoverColumns.flatMap((column) =>
  failoverRows(now).flatMap((row) =>
    [false, true].map((isOut) => ({ ...row, ...column, row: row.title, isOut })),
  ),
);

/** Three failures in a row: the most that patience has. */
async function played(error: unknown, daysLeft: number | null, isOut: boolean) {
  const version = daysLeft === null ? null : versionWith(daysLeft, now);
  let record: Partial<CertificateRecord> = {
    attempt: attemptOf({ issuer: 'first', names: ['example.com'], orderUrl: 'https://ca/1' }),
    ...(version ? { desired: version.id, versions: [version] } : { desired: null, versions: [] }),
    txt: isOut ? [out] : [],
    // What has 60 days left is renewed, too.
    forced: { at: now.toISOString(), reason: 'test' },
  };
  for (let failures = 1; failures <= 3; failures += 1) {
    const after = await failedAttempt(error, record, { certificate });
    record = after.record;
    if (record.attempt?.issuer !== 'first') return { failures, record: after.record };
  }
  return { failures: null, record: record as CertificateRecord };
}

test('every way in which the first CA can fail ends as the table says, whatever is still out', async () => {
  const wrong: string[] = [];
  for (const { row, error, daysLeft, isOut } of cases) {
    const { failures } = await played(error, daysLeft, isOut);
    const said = failuresUntil(error, daysLeft, now);
    if (failures !== said) wrong.push(`${row}, ${daysLeft} days: ${failures} instead of ${said}`);
  }
  expect(cases.length).toBeGreaterThan(400);
  expect(wrong).toEqual([]);
});

test('the issuer that takes over is recorded, reported once, and continues at once with nothing of the first CA', async () => {
  for (const { error, daysLeft } of cases.filter(({ isOut }) => isOut)) {
    const { failures, record } = await played(error, daysLeft, true);
    if (failures === null) continue;
    const told = record.outbox.filter(({ summary }) => summary.includes('second takes its place'));
    expect(told).toHaveLength(1);
    const written = record.history.filter(({ what }) => what === 'handed over to second');
    expect(written).toHaveLength(1);
    const decision = decideAcquire({ certificate, issuers, record, now });
    expect(decision.action).toBe('resume');
    // Issue removes what is of another attempt than the one that goes on, before it orders.
    expect(record.attempt).toMatchObject({ issuer: 'second', orderUrl: null, csr: null });
    expect(record.txt.every(({ attemptId }) => attemptId !== record.attempt?.id)).toBe(true);
  }
});
