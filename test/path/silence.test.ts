import { afterEach, beforeEach, expect, test } from 'vitest';
import { isComparedAt } from '#shared/acquire/store/as-certified.ts';
import { dayMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { forgeRecord } from '#test/support/forge-record.ts';
import { refusing } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';

const never = '9999-12-31T23:59:59.000Z';

let world: World;
beforeEach(async () => {
  world = await startWorld(
    configText(`
  shop:
    names: [example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('shop')}"}]
  unserved: {names: [unserved.example.com], issuer: local}
`),
  );
  await world.check();
});
afterEach(() => world?.close());

async function look(...afterDays: readonly number[]): Promise<void> {
  for (const days of afterDays) {
    world.clock.advance(days * dayMs);
    await world.check();
    await world.dispatcher.invoke('verify', { sweep: true });
    await world.dispatcher.settle();
  }
}

/** Whoever may write to the bucket keeps everything from being looked at, once. */
async function silence(): Promise<void> {
  const lease = { fence: 'f', holder: 'nobody', until: never };
  const { home } = world.landscape.config;
  await forgeRecord(world, 'shop', (record) => ({
    ...record,
    deployments: Object.fromEntries(
      Object.entries(record.deployments).map(([key, each]) => [
        key,
        { ...each, nextProbeAt: never },
      ]),
    ),
    leases: { acquire: lease, [`deploy:${home.account}/${home.region}`]: lease },
    expiryTold: { versionId: record.desired ?? '', days: -1 },
  }));
}

test('one write into a record does not keep its certificate from being renewed and served', async () => {
  await silence();
  await look(61, 1);
  const { desired, versions } = world.record('shop');
  const serial = versions.find(({ id }) => id === desired)?.serial;
  expect(versions).toHaveLength(2);
  expect(await world.served('shop')).toEqual(new Set([serial]));
  expect(JSON.stringify(world.record('shop'))).not.toContain(never);
  const errors = world.logs.filter(({ level }) => level === 'error');
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.length).toBeLessThan(20);
}, 300_000);

test('nor people from hearing that it is not renewed, and of its end', async () => {
  await silence();
  const refused = refusing('newOrder', { type: 'rejectedIdentifier', status: 400 });
  world.cloud.ca.misbehaviour.add({ ...refused, times: Number.POSITIVE_INFINITY });
  await look(84, 3, 4);
  const told = world.told();
  expect(told).toContainEqual(
    expect.stringMatching(/^certkeep \w+: 2 certificates cannot be renewed/),
  );
  expect(told).toContain('certkeep critical: shop expired: Expired');
}, 300_000);

test('nor does a later end of a certificate that no endpoint serves', async () => {
  await forgeRecord(world, 'unserved', (record) => ({
    ...record,
    versions: record.versions.map((version) => ({ ...version, notAfter: never })),
  }));
  while (!isComparedAt('unserved', world.clock.now())) world.clock.advance(10 * minuteMs);
  await look(0);
  const reason = `notAfter was ${never}`;
  expect(world.logs).toContainEqual(
    expect.objectContaining({ level: 'error', certificate: 'unserved', reason }),
  );
  await look(61, 1);
  expect(world.record('unserved').versions).toHaveLength(2);
}, 300_000);

test('nor does a later end of a certificate about which its CA is asked at every check', async () => {
  const [version] = world.record('unserved').versions;
  const suggestedWindow = { start: '2027-01-20T00:00:00Z', end: '2027-01-22T00:00:00Z' };
  world.cloud.ca.tellRenewalInfo(version?.serial ?? '', {
    body: { suggestedWindow },
    retryAfter: '60',
  });
  await world.live(30 * minuteMs);
  await forgeRecord(world, 'unserved', (record) => ({
    ...record,
    versions: record.versions.map((each) => ({ ...each, notAfter: never })),
  }));
  await world.live(30 * minuteMs);
  expect(world.record('unserved').versions[0]?.notAfter).toBe(version?.notAfter);
});
