import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeyReplication } from '#shared/keystores/key-store.ts';
import { awsSecretsClient } from '#shared/keystores/secrets-manager/client.ts';
import { secretsManagerReplication } from '#shared/keystores/secrets-manager/replication.ts';
import { material, newKey, type SecretsLab, secretsLab } from './secrets-lab.ts';

let lab: SecretsLab;
let replication: KeyReplication;

beforeEach(async () => {
  lab = await secretsLab();
  replication = secretsManagerReplication({
    installation: 'certkeep',
    home: awsSecretsClient(lab.sdk),
    replicaIn: (region) => awsSecretsClient(lab.sdkIn(region)),
  });
});
afterEach(() => lab.close());

async function acquired(version: string, keyStore = lab.keyStore) {
  const key = await keyStore.storeKey('shop', version, newKey());
  await keyStore.storeVersion('shop', version, material(key));
  await keyStore.promote('shop', version, [version]);
}

test('a region that joins later gets its replica with the next version', async () => {
  await acquired('v1');
  await acquired('v2', lab.anotherKeyStore({ replicaRegions: ['eu-west-1', 'ap-southeast-2'] }));
  lab.clock.advance(10_000);
  for (const region of ['eu-west-1', 'ap-southeast-2']) {
    expect(await replication.ofVersion('shop', 'v2', region)).toMatchObject({ inSync: true });
  }
});

test('a replica is in sync once it has arrived with the version as its current one', async () => {
  await acquired('v1');
  lab.clock.advance(10_000);
  expect(await replication.ofVersion('shop', 'v1', 'eu-west-1')).toMatchObject({ inSync: true });
});

test('a replica that is still on its way is not in sync', async () => {
  await acquired('v1');
  lab.clock.advance(10_000);
  await acquired('v2');
  const answer = await replication.ofVersion('shop', 'v2', 'eu-west-1');
  expect(answer).toMatchObject({
    inSync: false,
    reason: 'the replica of the secret is InProgress',
  });
});

test('a replica that has another version as its current one is not in sync', async () => {
  await acquired('v1');
  lab.clock.advance(10_000);
  expect(await replication.ofVersion('shop', 'v2', 'eu-west-1')).toEqual({
    inSync: false,
    isLost: false,
    reason: 'another version is AWSCURRENT there',
  });
});

test('a replica that broke is not in sync and says why', async () => {
  await acquired('v1');
  lab.clock.advance(10_000);
  lab.service.breakReplication('certkeep/shop', 'eu-west-1');
  await acquired('v2');
  lab.clock.advance(10_000);
  expect(await replication.ofVersion('shop', 'v2', 'eu-west-1')).toMatchObject({
    inSync: false,
    reason: expect.stringContaining('Failed'),
  });
});

test('asked to, the key store gives another try to a replica that failed, and one to a region that has none', async () => {
  await acquired('v1');
  lab.service.breakReplication('certkeep/shop', 'eu-west-1');
  await acquired('v2');
  const [failed, none] = await Promise.all([
    replication.ofVersion('shop', 'v2', 'eu-west-1'),
    replication.ofVersion('shop', 'v2', 'ap-southeast-2'),
  ]);
  expect([failed.isLost, none.isLost]).toEqual([true, true]);
  await lab
    .anotherKeyStore({ replicaRegions: ['eu-west-1', 'ap-southeast-2'] })
    .replicate('shop', []);
  lab.clock.advance(10_000);
  for (const region of ['eu-west-1', 'ap-southeast-2']) {
    expect(await replication.ofVersion('shop', 'v2', region)).toMatchObject({ inSync: true });
  }
});

test('it leaves replicas alone that stand or are on their way, and secrets that are not there', async () => {
  await acquired('v1');
  expect(await replication.ofVersion('shop', 'v1', 'eu-west-1')).toMatchObject({
    inSync: false,
    isLost: false,
  });
  await lab.keyStore.replicate('shop', []);
  lab.clock.advance(10_000);
  await lab.keyStore.replicate('shop', []);
  await lab.keyStore.replicate('blog', ['ca']);
  expect(lab.calls('ReplicateSecretToRegions')).toBe(0);
});

test('a region without a replica, and a certificate without a secret, are not in sync', async () => {
  await acquired('v1');
  expect(await replication.ofVersion('shop', 'v1', 'ap-south-1')).toEqual({
    inSync: false,
    isLost: true,
    reason: 'the secret has no replica there',
  });
  expect(await replication.ofVersion('blog', 'v1', 'eu-west-1')).toMatchObject({ inSync: false });
});

test('no value is ever read for it', async () => {
  await acquired('v1');
  const before = lab.calls('GetSecretValue');
  await replication.ofVersion('shop', 'v1', 'eu-west-1');
  expect(lab.calls('GetSecretValue')).toBe(before);
});

test('the secret of an account gets its replica where it failed, and in a region that joined later', async () => {
  await acquired('v1');
  await lab.keyStore.accountKey('ca', newKey);
  lab.service.breakReplication('certkeep-accounts/ca', 'eu-west-1');
  const VersionStages = ['changed'];
  const change = { SecretId: 'certkeep-accounts/ca', SecretString: 'changed', VersionStages };
  await lab.sdk.send(new PutSecretValueCommand(change));
  lab.clock.advance(10_000);
  expect(await replication.ofAccount('ca', 'eu-west-1')).toEqual({
    inSync: false,
    isLost: true,
    reason:
      'the replica of the secret of the account ca is Failed: Replication failed: the key cannot be used',
  });
  const joined = lab.anotherKeyStore({ replicaRegions: ['eu-west-1', 'ap-southeast-2'] });
  await joined.replicate('shop', ['ca']);
  lab.clock.advance(10_000);
  for (const region of ['eu-west-1', 'ap-southeast-2']) {
    expect(await replication.ofAccount('ca', region)).toMatchObject({ inSync: true });
  }
});

test('an account that was never opened lacks nothing', async () => {
  expect(await replication.ofAccount('ca', 'eu-west-1')).toMatchObject({ inSync: true });
});
