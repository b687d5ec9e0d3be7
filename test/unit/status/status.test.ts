import { expect, test } from 'vitest';
import { mostBytes } from '#shared/object-store.ts';
import type { Condition } from '#shared/status/condition.ts';
import { type CertificateLine, conditionsOf, statusOf } from '#shared/status/status.ts';
import { readStatus, statusText, writeStatus } from '#shared/status/status-object.ts';
import { statusSchema } from '#shared/status/status-schema.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { inDays, now } from '#test/support/healthy.ts';

const installation = { name: 'certkeep', account: '123456789012', region: 'eu-central-1' };

function lineOf(id: string): CertificateLine {
  return {
    ...{ id, name: `host-${id}.shop.example.com`, names: 3, issuer: 'letsencrypt', targets: 2 },
    ...{ endsAt: inDays(80).toISOString(), servedUntil: inDays(80).toISOString() },
    renewsAt: inDays(50).toISOString(),
  };
}

function condition(change: Partial<Condition> = {}): Condition {
  return {
    ...{ type: 'Renewable', about: null, status: 'false', reason: 'CaaForbids' },
    message: 'CaaForbids: example.com has CAA records that do not name letsencrypt.org',
    scope: null,
    nextAttemptAt: null,
    since: inDays(-1).toISOString(),
    danger: {
      severity: 'warning',
      clients: 'valid',
      where: 'web:443',
      hurtsAt: inDays(80).toISOString(),
    },
    ...change,
  } as Condition;
}

const well = condition({
  ...{ status: 'true', reason: 'Well', message: 'valid' },
  danger: { severity: 'none', clients: 'unaffected', where: null, hurtsAt: null },
});
const critical = condition({
  ...{ type: 'Served', about: 'web:443', reason: 'EndpointContradicted' },
  danger: {
    severity: 'critical',
    clients: 'another',
    where: 'web:443',
    hurtsAt: now.toISOString(),
  },
});

function fleet(certificates: readonly (readonly [id: string, readonly Condition[]])[]) {
  const lines = certificates.map(([id, conditions]) => {
    // As in the record: clients are hurt at the end that they meet first.
    const hurts = conditions.map(({ danger }) => danger.hurtsAt).filter((at) => at !== null);
    const servedUntil = hurts.sort()[0] ?? inDays(80).toISOString();
    return { line: { ...lineOf(id), servedUntil }, conditions };
  });
  return statusOf({ installation, checkedAt: now, conditions: [well], certificates: lines });
}

test('the worst certificate comes first, and a well one is a line of fixed fields', () => {
  const status = fleet([
    ['a', [well]],
    ['b', [condition()]],
    ['c', [well, critical]],
  ]);
  expect(status.certificates.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'c critical',
    'b warning',
    'a well',
  ]);
  expect(status.counts).toEqual({ well: 1, working: 0, warning: 1, critical: 1 });
  const { endsAt, renewsAt, servedUntil, ...fixed } = lineOf('a');
  const times = [endsAt, servedUntil, renewsAt].map((at) => at?.replace('.000Z', 'Z'));
  const [ends, served, renews] = times;
  expect(status.certificates[2]).toEqual({
    ...{ ...fixed, state: 'well', endsAt: ends, servedUntil: served, renewsAt: renews },
  });
});

test('a cause that many share stands once', () => {
  const status = fleet(['a', 'b', 'c'].map((id) => [id, [condition()]]));
  expect(status.causes).toHaveLength(1);
});

test('conditions are read out as they were put in', () => {
  const status = fleet([['a', [critical, condition()]]]);
  const seconds = (at: string | null) => at?.replace('.000Z', 'Z') ?? null;
  const put = [critical, condition()].map(({ danger, since, ...rest }) => ({
    ...rest,
    since: seconds(since),
    danger: { ...danger, hurtsAt: seconds(danger.hurtsAt) },
  }));
  expect(conditionsOf(status, status.certificates[0] ?? {})).toEqual(put);
});

test.each([
  ['well', () => [well]],
  [
    'all of it bad, each in its own words and in shared ones',
    (index: number) => [
      condition({
        danger: critical.danger,
        message: `OrderInvalid: the CA could not find the TXT record of host-${index}.shop.example.com`,
      }),
      critical,
    ],
  ],
] as const)('a fleet of 10,000, %s, is below 5 MB', (_, conditionsAt) => {
  const status = fleet(
    Array.from({ length: 10_000 }, (_, index) => [`certificate-${index}`, conditionsAt(index)]),
  );
  const bytes = Buffer.byteLength(statusText(status));
  expect(bytes).toBeLessThan(5_000_000);
  expect(statusSchema.parse(JSON.parse(statusText(status)))).toEqual(status);
});

test('it is stored, and read back', async () => {
  const objects = fakeObjectStore();
  const status = fleet([['a', [condition()]]]);
  await writeStatus(objects, status, null);
  const stored = await readStatus(objects);
  expect(stored.status).toEqual(status);
  // The check that read it before another one wrote leaves it.
  expect(await writeStatus(objects, status, stored.etag)).toBe(true);
  expect(await writeStatus(objects, status, stored.etag)).toBe(false);
});

test.each([
  ['is no JSON', '{"schemaVersion": 1'],
  ['is too large', ' '.repeat(mostBytes.state + 1)],
])('a state that %s counts as none, and is written over', async (_, text) => {
  const objects = fakeObjectStore();
  await objects.putIf('status/status.json', text, null);
  const { etag, status } = await readStatus(objects);
  expect(status).toBeNull();
  expect(await writeStatus(objects, fleet([]), etag)).toBe(true);
});
