import { afterEach, describe, expect, test } from 'vitest';
import type { Fault, OutsideCall } from '#local/faults.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { addForeignRules, rulesOf } from '#test/support/world-rules.ts';

let world: World;
afterEach(() => world?.close());

const hour = 3_600_000;
const minute = 60_000;
const elsewhere = { region: 'eu-central-1', account: '222222222222' };

function source(names: string, solvers: string): string {
  const text = configText(`  shop: {names: ${names}, issuer: local}\n`);
  return text.replace('- type: route53', solvers);
}

const http = (arn = listenerArn('web', 'a')) => `- {type: alb-http01, listener: "${arn}"}`;
const twoNames = source('[example.com, www.example.com]', http());

async function start(text = twoNames, options = {}): Promise<void> {
  world = await startWorld(text, options);
  world.clock.advance(minute);
}

function calls(operation: string): readonly OutsideCall[] {
  return world.cloud.faults.calls.filter(
    (call) => call.operation === operation && call.caller === 'issue',
  );
}

function finalized(): number {
  return world.cloud.ca.ledger().orders.filter((order) => order.finalizedTimes > 0).length;
}

test('names are proven by rules above those of others, which stay as they are', async () => {
  await start();
  await addForeignRules(world, [5, 7]);
  await addForeignRules(world, [9], '*');
  const before = await rulesOf(world);
  await world.check();
  expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
  expect(world.record('shop').desired).not.toBeNull();
  const made = calls('CreateRule').map(({ input }) => input as Record<string, unknown>);
  expect(made).toHaveLength(2);
  for (const { Priority, Tags } of made) {
    expect(Priority).toBeLessThan(5);
    expect(Tags).toEqual([
      { Key: 'certkeep:managed', Value: 'certkeep' },
      { Key: 'certkeep:certificate', Value: 'shop' },
      { Key: 'certkeep:attempt', Value: world.record('shop').desired },
    ]);
  }
  expect(await rulesOf(world)).toEqual(before);
  expect(calls('ChangeResourceRecordSets')).toEqual([]);
});

test('names at listeners of another account and region are proven in the role there', async () => {
  await start(source('[example.com]', http(listenerArn('far', 'a', elsewhere))));
  await world.check();
  expect(world.record('shop').desired).not.toBeNull();
  expect(await rulesOf(world)).toEqual([]);
  const roles = world.cloud.iam.decisions
    .filter(({ action }) => action === 'elasticloadbalancing:CreateRule')
    .map(({ role }) => role);
  expect(roles).toEqual(['arn:aws:iam::222222222222:role/certkeep-us-east-1-http01']);
});

test('a wildcard is proven through DNS beside a name that is proven over HTTP', async () => {
  const both = `- {type: route53, selector: {dnsZones: [example.net]}}\n  ${http()}`;
  await start(source('["*.example.net", example.com]', both));
  await world.check();
  expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
  expect(world.record('shop').desired).not.toBeNull();
  expect(calls('CreateRule')).toHaveLength(1);
  expect(calls('ChangeResourceRecordSets').length).toBeGreaterThan(0);
});

describe('when a run', () => {
  const strikes: readonly (readonly [string, string, Fault])[] = [
    ['dies after a rule was made', 'CreateRule', { do: 'kill-after' }],
    ['dies before a rule is made', 'CreateRule', { do: 'kill-before' }],
    ['dies before a rule is removed', 'DeleteRule', { do: 'kill-before' }],
    ['dies after a challenge was answered', 'challenge', { do: 'kill-after' }],
    ['does not hear that a rule was made', 'CreateRule', { do: 'lose-answer' }],
    ['makes a rule twice', 'CreateRule', { do: 'twice' }],
    ['removes a rule twice', 'DeleteRule', { do: 'twice' }],
  ];

  test.each(strikes)('%s, one order is finalized and no rule is left', async (_, what, fault) => {
    // What is gone has no tag that would allow to remove it once more.
    await start(twoNames, { mayDeny: fault.do === 'twice' });
    await addForeignRules(world, [1_000]);
    const when = ({ operation, caller }: OutsideCall) => operation === what && caller === 'issue';
    world.cloud.faults.add({ when, fault });
    await world.check();
    await world.live(hour);
    expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
    expect(world.record('shop').versions).toHaveLength(1);
    expect(finalized()).toBe(1);
    expect(await rulesOf(world)).toEqual(['1000 /shop/*']);
  });

  test.each<[string, Fault]>([
    ['whose answer is lost', { do: 'lose-answer' }],
    ['that is made twice', { do: 'twice' }],
  ])('a rule %s is found again, and costs no further run', async (_, fault) => {
    await start();
    world.cloud.faults.add({ when: ({ operation }) => operation === 'CreateRule', fault });
    await world.check();
    expect(world.record('shop').desired).not.toBeNull();
    expect(await rulesOf(world)).toEqual([]);
  });

  test('dies and the certificate leaves the configuration, its rule is removed', async () => {
    await start();
    world.cloud.faults.add({
      when: ({ operation }) => operation === 'CreateRule',
      fault: { do: 'kill-after' },
    });
    await world.check();
    expect(await rulesOf(world)).toHaveLength(1);
    await world.reconfigure((text) => text.replace('shop:', 'other:'));
    await world.live(hour);
    expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
    expect(await rulesOf(world)).toEqual([]);
  });
});

describe('the CA is not asked', () => {
  async function refusedAs(error: string, message: RegExp): Promise<void> {
    expect(calls('challenge')).toEqual([]);
    const { acquireFailure, attempt, txt } = world.record('shop');
    expect(acquireFailure).toMatchObject({ error, message: expect.stringMatching(message) });
    expect(new Date(acquireFailure?.nextAttemptAt ?? 0) > world.clock.now()).toBe(true);
    // The order waits, nothing of it is left published, and somebody hears of it.
    expect(attempt?.orderUrl).not.toBeNull();
    expect(txt).toEqual([]);
    expect(world.inbox().some(({ subject }) => subject?.includes('shop'))).toBe(true);
  }

  test('while the listener answers something else; the same order goes on afterwards', async () => {
    await start();
    world.cloud.balancers.stick('web');
    await world.check();
    await refusedAs(
      'ChallengeNotServed',
      /^http:\/\/\S*example\.com\/\S+ at \S+ is answered with 301$/,
    );
    expect(await rulesOf(world)).toEqual([]);
    const order = world.record('shop').attempt?.orderUrl;
    world.cloud.balancers.unstick('web');
    await world.live(hour);
    expect(world.record('shop').versions.map(({ orderUrl }) => orderUrl)).toEqual([order]);
  });

  test('while nobody gets through to the listener, except now and then', async () => {
    await start();
    await world.cloud.balancers.isolate('web');
    await world.check();
    await refusedAs('ChallengeNotServed', /is not answered: .*ECONNREFUSED/);
    expect(await rulesOf(world)).toEqual([]);
    await world.live(3 * hour);
    expect(calls('challenge').length).toBeGreaterThan(0);
  });

  test('where the quota of rules is used up', async () => {
    await start();
    await addForeignRules(
      world,
      Array.from({ length: 100 }, (_, index) => 101 + index),
    );
    await world.check();
    await refusedAs('ListenerRulesFull', /maximum number of rules/);
    expect(await rulesOf(world)).toHaveLength(100);
  });

  test('where a rule that takes everything comes first', async () => {
    await start();
    await addForeignRules(world, [1], '*');
    await world.check();
    await refusedAs('ListenerRulesFull', /lowest free priority/);
    expect(await rulesOf(world)).toEqual(['1 *']);
  });
});

test('a rule of another path may come first', async () => {
  await start();
  await addForeignRules(world, [1], '/shop/*');
  await world.check();
  expect(world.record('shop').desired).not.toBeNull();
  expect(await rulesOf(world)).toEqual(['1 /shop/*']);
});

test('of a name without an address nothing is ordered', async () => {
  await start();
  await world.reconfigure((text) => text.replaceAll('www.example.com', 'nowhere.example.com'));
  await world.check();
  expect(world.record('shop').acquireFailure).toMatchObject({
    error: 'NameWithoutAddress',
    message: expect.stringContaining('nowhere.example.com has no address'),
  });
  expect(world.cloud.ca.ledger().orders).toEqual([]);
});
