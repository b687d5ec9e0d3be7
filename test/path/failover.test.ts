import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { listenerArn } from '#test/support/fleet.ts';
import {
  dueWith,
  finalized,
  inService,
  refusing,
  type TwoCas,
  twoCas,
} from '#test/support/two-cas.ts';

let cas: TwoCas;
afterEach(() => cas?.close());

/** Adds certificates of both issuers to the configuration. */
async function join(...hosts: readonly string[]): Promise<void> {
  await cas.world.reconfigure((text) => {
    const config = parse(text);
    for (const host of hosts) {
      config.certificates[host] = { names: [`${host}.example.com`], issuer: ['first', 'second'] };
    }
    return stringify(config);
  });
}

test('a certificate keeps its ARN while its CA changes', async () => {
  const listener = listenerArn('shop');
  cas = await twoCas(
    `  shop: {names: [example.com], issuer: [first, second], targets: [{type: alb, listener: "${listener}"}]}\n`,
    { first: { authzReuse: false } },
  );
  await cas.world.check();
  await cas.world.live(hourMs);
  const before = Object.values(cas.world.record('shop').imports).map(({ arn }) => arn);
  const { serial } = inService(cas);
  cas.world.clock.advance(65 * dayMs);
  cas.first.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  await cas.world.live(2 * hourMs);
  expect(inService(cas).issuer).toBe('second');
  expect(inService(cas).serial).not.toBe(serial);
  expect(Object.values(cas.world.record('shop').imports).map(({ arn }) => arn)).toEqual(before);
  expect(await cas.world.served('shop')).toEqual(new Set([inService(cas).serial]));
});

test('a certificate keeps its id, secret and history, and returns to the first CA with the next renewal', async () => {
  cas = await dueWith(25);
  cas.first.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  await cas.world.live(hourMs);
  expect(cas.world.record('shop').versions.map(({ issuer }) => issuer)).toEqual([
    'first',
    'second',
  ]);
  cas.first.misbehaviour.clear();
  await cas.world.live(7 * hourMs);
  expect(inService(cas).issuer).toBe('second');
  cas.world.clock.advance(62 * dayMs);
  await cas.world.live(hourMs);
  expect(cas.world.record('shop').versions.map(({ issuer }) => issuer)).toEqual([
    'first',
    'second',
    'first',
  ]);
  // What the second CA issued is nothing that an order at the first can replace.
  expect(cas.first.ledger().orders.at(-1)).toMatchObject({ replaces: null, status: 'valid' });
  const secrets = cas.world.cloud.faults.calls.filter(
    ({ operation }) => operation === 'CreateSecret',
  );
  const names = new Set(secrets.map(({ input }) => (input as { Name: string }).Name));
  expect([...names].filter((name) => !name.includes('accounts'))).toEqual(['certkeep/shop']);
});

test('two CAs that both fail take turns, with growing waits, until one works', async () => {
  cas = await dueWith(25);
  for (const ca of [cas.first, cas.second]) {
    ca.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  }
  await cas.world.live(dayMs);
  expect(askedFirst()).toBeLessThan(12);
  cas.second.misbehaviour.clear();
  const orders = () => finalized(cas.first) + finalized(cas.second);
  await cas.world.liveUntil(() => orders() === 2, 2 * dayMs);
  expect(orders()).toBe(2);
});

test('certificates learn from each other that a CA fails, and one of them asks it now and then', async () => {
  cas = await dueWith(25);
  cas.first.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  await cas.world.live(70 * minuteMs);
  expect(inService(cas).issuer).toBe('second');
  const hosts = Array.from({ length: 6 }, (_, index) => `n${index}`);
  await join(...hosts);
  const before = askedFirst();
  await cas.world.live(20 * minuteMs);
  expect(askedFirst() - before).toBeLessThanOrEqual(3);
  await cas.world.live(hourMs);
  expect(hosts.map((host) => inService(cas, host).issuer)).toEqual(hosts.map(() => 'second'));
});

test('a CA that works again is found by one attempt, and the rest follow', async () => {
  cas = await dueWith(25);
  cas.first.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  await cas.world.live(70 * minuteMs);
  cas.first.misbehaviour.clear();
  await join('a', 'b');
  await cas.world.live(hourMs);
  const issuers = ['a', 'b'].map((id) => inService(cas, id).issuer);
  expect(issuers).toContain('first');
  await join('c', 'd', 'e');
  await cas.world.check();
  expect(['c', 'd', 'e'].map((id) => inService(cas, id).issuer)).toEqual([
    'first',
    'first',
    'first',
  ]);
});

function askedFirst(): number {
  return cas.world.cloud.faults.calls.filter(({ operation }) => operation === 'newOrder').length;
}
