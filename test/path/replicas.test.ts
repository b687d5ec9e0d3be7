import type { DescribeSecretResponse } from '@aws-sdk/client-secrets-manager';
import type { Assembly } from 'local-cloud/deploy/assembly.ts';
import type { OutsideCall } from 'local-cloud/faults.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { arnOf } from 'local-cloud/wire/arn.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { afterEach, expect, test } from 'vitest';
import { accountsOf } from '#shared/issuers/account-name.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { some } from '#test/support/full.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const hour = 3_600_000;
const day = 24 * hour;
const source = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);

/** What is known at home of the replicas of a secret. */
function replicas(SecretId = 'certkeep/shop'): readonly string[] {
  const call = { account: homeAccount, region: 'us-east-1', accessKeyId: 'somebody' };
  const found = ask(world.cloud.secrets, 'DescribeSecret', { SecretId }, call);
  const { ReplicationStatus = [] } = found as DescribeSecretResponse;
  return ReplicationStatus.map(({ Region, Status }) => `${Region} ${Status}`);
}

function accountReplicas(): readonly string[] {
  const [account] = accountsOf({ issuers: ['local'] }, world.landscape.config);
  return replicas(`certkeep-accounts/${account}`);
}

function happened(what: RegExp): readonly string[] {
  const all = world.events().map(({ severity, summary }) => `${severity}: ${summary}`);
  return all.filter((each) => what.test(each));
}

test('a first installation whose copy is deployed minutes after home comes into sync, accounts included', async () => {
  let isWhole = false;
  const edit = (assembly: Assembly): Assembly => ({
    stacks: assembly.stacks.filter(({ id }) => isWhole || !/^Replica(Key)?-/.test(id)),
  });
  world = await startWorld(source, { edit });
  await world.check();
  expect([replicas(), accountReplicas()]).toEqual([['eu-west-1 Failed'], ['eu-west-1 Failed']]);
  isWhole = true;
  await world.reconfigure((text) => text);
  await world.live(hour);
  expect([replicas(), accountReplicas()]).toEqual([['eu-west-1 InSync'], ['eu-west-1 InSync']]);
  expect(world.record('shop').replicas['eu-west-1']?.secretInSync).toBe(true);
  expect(world.record('shop').versions).toHaveLength(1);
  expect(happened(/behind/)).toEqual([]);
  // The alarm of the replica was missing, too.
  expect(world.told()).toEqual(['certkeep well again: certkeep (Watched alarms)']);
  // Sync ran before there was a bucket to copy to.
  expect(world.dispatcher.deadEvents).toEqual([]);
});

test('the key of an account gets its replica although that of the certificate came at once', async () => {
  world = await startWorld(source);
  const { iam, kms, faults } = world.cloud;
  const there = { account: homeAccount, region: 'eu-west-1', accessKeyId: 'somebody' };
  const alias = arnOf('kms', there, 'alias/certkeep');
  const key = kms.find(there, 'alias/certkeep')?.arn ?? null;
  // The key of that region comes after the account was opened, and before anything is stored for the certificate.
  faults.add({
    when({ operation, input }) {
      const isOfAccount = JSON.stringify(input).includes('certkeep-accounts/');
      if (operation === 'CreateSecret') iam.useKey(alias, isOfAccount ? null : key);
      return false;
    },
    fault: { do: 'refuse', code: 'never', status: 400 },
  });
  await world.check();
  expect([replicas(), accountReplicas()]).toEqual([['eu-west-1 InSync'], ['eu-west-1 Failed']]);
  iam.useKey(alias, key);
  await world.live(hour);
  expect(accountReplicas()).toEqual(['eu-west-1 InSync']);
  expect(world.record('shop').replicas['eu-west-1']?.secretInSync).toBe(true);
});

test('a region that joins gets the secrets that are there, at once and without an order', async () => {
  world = await startWorld(source.replace('replicas: [eu-west-1]', 'replicas: []'));
  await world.check();
  await world.live(hour);
  await world.reconfigure((text) => text.replace('replicas: []', 'replicas: [eu-west-1]'));
  await world.check();
  const asked = [...replicas(), ...accountReplicas()];
  expect(asked).toEqual(['eu-west-1 InProgress', 'eu-west-1 InProgress']);
  await world.live(hour / 2);
  expect([replicas(), accountReplicas()]).toEqual([['eu-west-1 InSync'], ['eu-west-1 InSync']]);
  expect(world.record('shop').replicas['eu-west-1']?.secretInSync).toBe(true);
  expect(world.record('shop').versions).toHaveLength(1);
  expect(happened(/fail|behind/i)).toEqual([]);
  expect(happened(/issued/)).toHaveLength(1);
  expect(world.told()).toEqual([]);
});

test('a region without its key is one event, looked at with growing waits, told after a day, and mends by itself', async () => {
  world = await startWorld(source);
  const { iam, kms } = world.cloud;
  const there = { account: homeAccount, region: 'eu-west-1', accessKeyId: 'somebody' };
  const alias = arnOf('kms', there, 'alias/certkeep');
  iam.useKey(alias, null);
  await world.check();
  await world.live(5 * hour);
  const looks = world.logs.filter(
    ({ message, stage }) => stage === 'sync' && /looked at/.test(message),
  );
  expect(looks.length).toBeLessThan(16);
  expect(happened(/behind|sync/)).toEqual(['warning: The copies in eu-west-1 are behind']);
  expect(world.told()).toEqual([]);
  world.clock.advance(day);
  await world.check();
  const behind = 'certkeep warning: shop not copied to eu-west-1: RegionBehind';
  expect(world.told()).toContain(behind);
  iam.useKey(alias, kms.find(there, 'alias/certkeep')?.arn ?? null);
  await world.live(2 * hour);
  expect([replicas(), accountReplicas()]).toEqual([['eu-west-1 InSync'], ['eu-west-1 InSync']]);
  expect(happened(/behind|sync/).at(-1)).toBe('info: The copies in eu-west-1 are in sync again');
  expect(world.told().filter((subject) => subject.includes('copied'))).toEqual([behind]);
  expect(world.told().at(-1)).toMatch(/^certkeep well again: /);
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
