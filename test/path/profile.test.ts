import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const ca = { profiles: { long: { validityMs: 60 * dayMs }, short: { validityMs: 30 * dayMs } } };

async function order(profile: string): Promise<void> {
  await world.reconfigure((text) => {
    const config = parse(text);
    config.issuers.local.profile = profile;
    return stringify(config);
  });
}

async function dieAt(fault: 'kill-before' | 'kill-after', operation: string): Promise<void> {
  world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'), { ca });
  await order('long');
  world.cloud.faults.add({ when: (call) => call.operation === operation, fault: { do: fault } });
  await world.check();
  await order('short');
  await world.live(hourMs);
}

const issued = () =>
  world.cloud.ca
    .ledger()
    .orders.filter(({ serial }) => serial !== null)
    .map(({ profile }) => profile);

test('an order of another profile than the one wanted now is left for a new one', async () => {
  await dieAt('kill-before', 'authz');
  expect(issued()).toEqual(['short']);
  expect(world.record('shop').versions.map(({ origin }) => origin?.profile)).toEqual(['short']);
});

test('one that is finalized is taken for what it is, and replaced', async () => {
  await dieAt('kill-after', 'finalize');
  expect(issued()).toEqual(['long', 'short']);
  const { desired, versions } = world.record('shop');
  expect(versions.map(({ origin }) => origin?.profile)).toEqual(['long', 'short']);
  expect(versions.at(-1)?.id).toBe(desired);
});
