import type { Assembly } from 'local-cloud/deploy/assembly.ts';
import { describe, expect, test } from 'vitest';
import { httpWorld } from '#test/support/http-world.ts';
import { addForeignRules, rulesOf } from '#test/support/world-rules.ts';
import { withoutResources } from '../installed/rights/statements.ts';

const { start, calls, world: here } = httpWorld();

const hour = 3_600_000;

describe('the CA is not asked', () => {
  async function refusedAs(error: string, message: RegExp): Promise<void> {
    const world = here();
    expect(calls('challenge')).toEqual([]);
    const { acquireFailure, attempt } = world.record('shop');
    expect(acquireFailure).toMatchObject({ error, message: expect.stringMatching(message) });
    expect(new Date(acquireFailure?.nextAttemptAt ?? 0) > world.clock.now()).toBe(true);
    expect(attempt?.orderUrl).not.toBeNull();
    const happened = world.events().map(({ summary }) => summary);
    expect(happened).toEqual([`shop could not be issued: ${error}`]);
  }

  test('while the listener answers something else; the same order goes on afterwards', async () => {
    const world = await start();
    world.cloud.balancers.stick('web');
    await world.check();
    await refusedAs(
      'ChallengeNotServed',
      /^http:\/\/\S*example\.com\/\S+ at \S+ is answered with 301$/,
    );
    expect(await rulesOf(world)).toEqual([]);
    expect(world.record('shop').txt).toEqual([]);
    const order = world.record('shop').attempt?.orderUrl;
    world.cloud.balancers.unstick('web');
    await world.live(hour);
    expect(world.record('shop').versions.map(({ orderUrl }) => orderUrl)).toEqual([order]);
  });

  test('while nobody gets through to the listener, except now and then', async () => {
    const world = await start();
    await world.cloud.balancers.isolate('web');
    await world.check();
    await refusedAs('ChallengeNotServed', /is not answered: .*ECONNREFUSED/);
    expect(await rulesOf(world)).toEqual([]);
    expect(world.record('shop').txt).toEqual([]);
    await world.live(3 * hour);
    expect(calls('challenge').length).toBeGreaterThan(0);
  });

  test('where the role that makes rules is not there', async () => {
    const world = await start(undefined, {
      mayDeny: true,
      edit: (assembly: Assembly) =>
        withoutResources(assembly, (id, type) => type === 'AWS::IAM::Role' && /Listeners/.test(id)),
    });
    await world.check();
    await refusedAs('ListenerRoleRefused', /certkeep-us-east-1-http01/);
  });

  test('where the quota of rules is used up', async () => {
    const world = await start();
    await addForeignRules(
      world,
      Array.from({ length: 100 }, (_, index) => 101 + index),
    );
    await world.check();
    await refusedAs('ListenerRulesFull', /maximum number of rules/);
    expect(await rulesOf(world)).toHaveLength(100);
  });

  test('where a rule that takes everything comes first', async () => {
    const world = await start();
    await addForeignRules(world, [1], '*');
    await world.check();
    await refusedAs('ListenerRulesFull', /lowest free priority/);
    expect(await rulesOf(world)).toEqual(['1 *']);
  });
});

test('of a name without an address nothing is ordered', async () => {
  const world = await start();
  await world.reconfigure((text) => text.replaceAll('www.example.com', 'nowhere.example.com'));
  await world.check();
  expect(world.record('shop').acquireFailure).toMatchObject({
    error: 'NameWithoutAddress',
    message: expect.stringContaining('nowhere.example.com has no address'),
  });
  expect(world.cloud.ca.ledger().orders).toEqual([]);
});
