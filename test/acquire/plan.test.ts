import { expect, test } from 'vitest';
import { configurationOf } from '#shared/acquire/attempt.ts';
import { plan } from '#shared/acquire/plan.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import {
  attemptOf,
  configWith,
  failureUntil,
  healthy,
  inDays,
  now,
  wanted,
} from '#test/support/healthy.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

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
