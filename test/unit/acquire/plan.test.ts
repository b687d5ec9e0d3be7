import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { configurationOf } from '#shared/acquire/configuration.ts';
import { plan } from '#shared/check/forecast.ts';
import { type MaintenanceConfig, readWindows } from '#shared/config/maintenance.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import {
  attemptOf,
  configWith,
  failureUntil,
  healthy,
  inDays,
  now,
  wanted,
} from '#test/support/healthy.ts';

const config = configWith();
const failing = (days: number, change = {}): CertificateRecord =>
  healthy({
    desired: null,
    versions: [],
    attempt: attemptOf({ configuration: configurationOf(config, wanted()), ...change }),
    acquireFailure: failureUntil(inDays(days)),
  });

test.each<[string, CertificateRecord, number, readonly (string | null)[]]>([
  [
    'a certificate that is not there is planned now',
    healthy({ desired: null }),
    1,
    [now.toISOString()],
  ],
  ['one whose renewal comes later is not', healthy(), 49, []],
  ['one whose renewal comes in time is, on its day', healthy(), 51, [inDays(50).toISOString()]],
  [
    'what waits after a failure is planned for when it is tried again',
    failing(2),
    7,
    [inDays(2).toISOString()],
  ],
  ['what waits for longer is not', failing(9), 7, []],
  [
    'what has its order already needs none',
    failing(2, { orderUrl: 'https://ca.example/o' }),
    7,
    [],
  ],
])('%s', async (_, record, days, planned) => {
  const lines = await plan(
    {
      config,
      ledger: { read: async () => record },
      budgetBook: { read: async () => ({}) },
      clock: virtualClock(),
    },
    { days },
  );
  expect(lines.map((line) => line.planned)).toEqual(planned);
});

test('a renewal that maintenance holds back is planned for when it may start', async () => {
  const windows = readWindows('Sat 22:00-06:00') ?? expect.unreachable('it is one');
  const maintenance: MaintenanceConfig = { timeZone: 'UTC', mode: 'allow', windows };
  const plans = async (days: number) => {
    const lines = await plan(
      {
        config: { ...config, certificates: [wanted({ maintenance })] },
        ledger: { read: async () => healthy() },
        budgetBook: { read: async () => ({}) },
        clock: virtualClock(),
      },
      { days },
    );
    return lines.map((line) => line.planned);
  };
  // Due on a Monday.
  expect(await plans(55)).toEqual([]);
  expect(await plans(60)).toEqual(['2027-01-16T22:00:00.000Z']);
});

test('a record that cannot be read is a line of its own, and keeps nobody from seeing the others', async () => {
  const lines = await plan(
    {
      config: configWith({ certificates: [wanted({ id: 'broken' }), wanted()] }),
      ledger: {
        async read(id) {
          if (id === 'broken') throw new CertkeepError('LedgerUnreadable', 'is not JSON');
          return healthy({ desired: null });
        },
      },
      budgetBook: { read: async () => ({}) },
      clock: virtualClock(),
    },
    { days: 1 },
  );
  expect(lines).toMatchObject([
    { certificate: 'shop', planned: now.toISOString() },
    { certificate: 'broken', planned: null, reason: 'not planned: is not JSON' },
  ]);
});
