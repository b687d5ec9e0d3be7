import { afterEach, expect, test } from 'vitest';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { putRecord } from '#test/support/world-records.ts';

let world: World;
afterEach(() => world?.close());

const shop = configText('  shop: {names: [example.com, "*.example.com"], issuer: local}\n');
const minute = 60_000;

const orders = () => world.cloud.ca.ledger().orders;
const failure = () => world.record('shop').acquireFailure;

async function start(...records: readonly (readonly [string, 'CAA' | 'NS' | 'CNAME', string])[]) {
  world = await startWorld(shop, {
    prepare: async ({ cloud, clock }) => {
      for (const [name, type, value] of records) {
        await putRecord(cloud, 'example.com', 'UPSERT', name, type, [value]);
      }
      clock.advance(minute);
    },
  });
  await world.check();
}

async function retry(): Promise<void> {
  await world.check({ certificates: ['shop'], retry: true, reason: 'it was mended' });
}

test('a CAA record for another CA is told before anything is ordered, and no order is lost to it', async () => {
  await start(['example.com', 'CAA', '0 issue "other.example"']);
  expect(orders()).toEqual([]);
  expect(failure()).toMatchObject({
    error: 'CaaForbids',
    message: expect.stringContaining('example.com: CAA at example.com: issue "other.example"'),
  });
  await world.check();
  expect(world.told()).toEqual(['certkeep warning: shop cannot be issued: CaaForbids']);
  await putRecord(world.cloud, 'example.com', 'UPSERT', 'example.com', 'CAA', [
    '0 issue "ca.test"',
  ]);
  world.clock.advance(minute);
  await retry();
  expect(orders()).toHaveLength(1);
  expect(world.record('shop').desired).not.toBeNull();
});

test('a CAA record that names another account stops nothing at a CA that may not look at it', async () => {
  await start(['example.com', 'CAA', '0 issue "ca.test; accounturi=https://elsewhere.test/1"']);
  expect(orders()).toHaveLength(1);
  expect(world.record('shop').desired).not.toBeNull();
});

test('a zone that is delegated elsewhere is told with both sides', async () => {
  await start(['example.com', 'NS', 'ns1.elsewhere.test.']);
  expect(orders()).toEqual([]);
  expect(failure()).toMatchObject({
    error: 'ZoneNotDelegated',
    message: expect.stringMatching(
      /^example\.com is delegated to ns1\.elsewhere\.test, but the zone that is written to has ns-1\./,
    ),
  });
});

test('the fourth try asks the CA all the same', async () => {
  await start(['example.com', 'CAA', '0 issue "other.example"']);
  await retry();
  await retry();
  expect(orders()).toEqual([]);
  expect(failure()?.count).toBe(3);
  await retry();
  // This CA does not look at CAA records.
  expect(orders()).toHaveLength(1);
  expect(world.record('shop').desired).not.toBeNull();
  const warned = world.logs.filter(({ message }) => message.includes('likely to refuse'));
  expect(warned).toMatchObject([{ outcome: 'CaaForbids', level: 'warn' }]);
});

test('a challenge that is a CNAME is told where none is followed', async () => {
  await start(['_acme-challenge.example.com', 'CNAME', 'acme.example.net.']);
  expect(orders()).toEqual([]);
  expect(failure()).toMatchObject({
    error: 'ChallengeCnameUnusable',
    message:
      '_acme-challenge.example.com is a CNAME to acme.example.net, beside which no value can be, and cnameStrategy is none',
  });
});

test('a wildcard CNAME at the zone disturbs nothing', async () => {
  await start(['*.example.com', 'CNAME', 'lb.example.net.']);
  expect(world.record('shop').desired).not.toBeNull();
});
