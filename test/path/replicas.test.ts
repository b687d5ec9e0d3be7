import type { DescribeSecretResponse } from '@aws-sdk/client-secrets-manager';
import { afterEach, expect, test } from 'vitest';
import type { Assembly } from '#local/deploy/assembly.ts';
import type { OutsideCall } from '#local/faults.ts';
import { homeAccount } from '#local/wire/accounts.ts';
import { ask } from '#local/wire/service.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { some } from '#test/support/full.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const hour = 3_600_000;
const source = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);

/** What is known at home of the replicas of its secret. */
function replicas(): readonly string[] {
  const call = { account: homeAccount, region: 'us-east-1', accessKeyId: 'somebody' };
  const found = ask(world.cloud.secrets, 'DescribeSecret', { SecretId: 'certkeep/shop' }, call);
  const { ReplicationStatus = [] } = found as DescribeSecretResponse;
  return ReplicationStatus.map(({ Region, Status }) => `${Region} ${Status}`);
}

function told(): readonly string[] {
  return world.inbox().flatMap(({ subject }) => subject ?? []);
}

test('a copy that is deployed after the first certificate was issued gets its secret all the same', async () => {
  let isWhole = false;
  const edit = (assembly: Assembly): Assembly => ({
    stacks: assembly.stacks.filter(({ id }) => isWhole || !/^Replica(Key)?-/.test(id)),
  });
  world = await startWorld(source, { edit });
  await world.check();
  expect(replicas()).toEqual(['eu-west-1 Failed']);
  isWhole = true;
  await world.reconfigure((text) => text);
  await world.live(hour);
  expect(replicas()).toEqual(['eu-west-1 InSync']);
  expect(world.record('shop').replicas['eu-west-1']?.secretInSync).toBe(true);
  expect(world.record('shop').versions).toHaveLength(1);
});

test('a region that joins gets the secrets that are there, at once and without an order', async () => {
  world = await startWorld(source.replace('replicas: [eu-west-1]', 'replicas: []'));
  await world.check();
  await world.live(hour);
  await world.reconfigure((text) => text.replace('replicas: []', 'replicas: [eu-west-1]'));
  await world.check();
  expect(replicas()).toEqual(['eu-west-1 InSync']);
  expect(world.record('shop').replicas['eu-west-1']?.secretInSync).toBe(true);
  expect(world.record('shop').versions).toHaveLength(1);
  expect(told().filter((subject) => /fail/i.test(subject))).toEqual([]);
});

const struck = [
  ['sync', 'SendMessage'],
  ['issue', 'ReplicateSecretToRegions'],
].flatMap(([caller, operation]) =>
  (['kill-before', 'kill-after', 'lose-answer', 'twice'] as const).map(
    (kind) => [kind, caller, operation] as const,
  ),
);

test.each(some(struck))(
  '%s at %s %s: the region has the secret in the end',
  async (kind, by, what) => {
    world = await startWorld(source.replace('replicas: [eu-west-1]', 'replicas: []'));
    await world.check();
    await world.live(hour);
    await world.reconfigure((text) => text.replace('replicas: []', 'replicas: [eu-west-1]'));
    const when = ({ caller, operation }: OutsideCall) => caller === by && operation === what;
    world.cloud.faults.add({ when, fault: { do: kind } });
    await world.check();
    await world.live(hour);
    expect(world.cloud.faults.calls.some(when)).toBe(true);
    expect(replicas()).toEqual(['eu-west-1 InSync']);
    expect(world.record('shop').replicas['eu-west-1']?.secretInSync).toBe(true);
    expect(world.record('shop').versions).toHaveLength(1);
  },
);
