import { afterEach, expect, test } from 'vitest';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

/** Longer than a change may spread: the next question decides. */
const tenMinutes = 600_000;
const hour = 3_600_000;
const day = 24 * hour;
const target = `{type: alb, listener: "${listenerArn('shop')}"}`;
const oneTarget = configText(
  `  shop: {names: [example.com], issuer: local, targets: [${target}]}\n`,
);

function rollBacks(): number {
  return world.events().filter(({ type }) => type === 'rolled-back').length;
}

function state(): string | undefined {
  return Object.values(world.record('shop').deployments)[0]?.state;
}

function newest(): string | undefined {
  return world.record('shop').versions.at(-1)?.serial;
}

async function expectServedInTheEnd(): Promise<void> {
  world.cloud.balancers.unstick('shop');
  await world.liveUntil(() => state() === 'proven', 2 * day);
  expect(state()).toBe('proven');
  expect(await world.served('shop')).toEqual(new Set([newest()]));
}

test('a renewal that the endpoint never serves is put back, and deployed again without a new order', async () => {
  world = await startWorld(oneTarget);
  await world.check();
  const [first] = world.record('shop').versions;
  world.clock.advance(61 * day);
  world.cloud.balancers.stick('shop');
  await world.check();
  await world.live(2 * tenMinutes);
  expect(rollBacks()).toBe(1);
  expect(state()).toBe('rolled-back');
  expect(Object.values(world.record('shop').imports)[0]?.versionId).toBe(first?.id);
  await expectServedInTheEnd();
  expect(world.cloud.ca.ledger().orders).toHaveLength(2);
});

test("somebody else's default certificate is put back when its successor is never served", async () => {
  world = await startWorld(oneTarget, {
    prepare: async ({ cloud }) => cloud.balancers.stick('shop'),
  });
  await world.check();
  await world.live(2 * tenMinutes);
  expect(rollBacks()).toBe(1);
  const [other] = await world.served('shop');
  expect(other).not.toBe(newest());
  await expectServedInTheEnd();
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
});

test('a certificate that ends within a day is never put back', async () => {
  world = await startWorld(oneTarget);
  await world.check();
  world.clock.advance(89.5 * day);
  world.cloud.balancers.stick('shop');
  await world.check();
  await world.live(hour);
  expect(newest()).not.toBe(world.record('shop').versions[0]?.serial);
  expect(rollBacks()).toBe(0);
  await expectServedInTheEnd();
});
