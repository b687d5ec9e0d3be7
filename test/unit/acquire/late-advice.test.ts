import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { crossedThreshold } from '#shared/check/expiry.ts';
import { plan } from '#shared/check/forecast.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { thresholds } from '#test/support/check-desk.ts';
import { configWith, healthy, inDays, versionOf, wanted } from '#test/support/healthy.ts';

/** Of 90 days, where the CA advises to renew it only when it is over. */
function endsIn(days: number): CertificateRecord {
  const version = versionOf({
    notBefore: inDays(days - 90).toISOString(),
    issuedAt: inDays(days - 90).toISOString(),
    notAfter: inDays(days).toISOString(),
  });
  const [start, end] = [inDays(days + 1), inDays(days + 3)].map((each) => each.toISOString());
  const advised = { start, end, selected: start, learnedAt: version.notBefore };
  return healthy({
    versions: [version],
    renewalInfo: {
      versionId: version.id,
      window: advised as NonNullable<NonNullable<CertificateRecord['renewalInfo']>['window']>,
      explanationUrl: null,
      nextCheckAt: inDays(1).toISOString(),
      failures: 0,
      failure: null,
    },
  });
}

test.each([
  ['before its last tenth nothing is told', 10, null],
  ['in it a threshold is', 6, 7],
  ['and so is the end', 0, 0],
])('of a certificate that the CA advises to renew too late: %s', (_, daysLeft, days) => {
  const crossed = crossedThreshold(endsIn(daysLeft), wanted(), thresholds, inDays(0));
  expect(crossed?.days ?? null).toBe(days);
});

test('the plan has its order for the beginning of its last tenth', async () => {
  const [line] = await plan(
    {
      config: configWith(),
      ledger: { read: async () => endsIn(20) },
      budgetBook: { read: async () => ({}) },
      clock: virtualClock(),
    },
    { days: 30 },
  );
  expect(line).toMatchObject({ wanted: inDays(11).toISOString(), isLate: false });
});
