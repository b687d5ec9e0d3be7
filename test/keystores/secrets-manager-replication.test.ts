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
    expect(await replication.isInSync('shop', 'v2', region)).toMatchObject({ inSync: true });
  }
});

test('a replica is in sync once it has arrived with the version as its current one', async () => {
  await acquired('v1');
  lab.clock.advance(10_000);
  expect(await replication.isInSync('shop', 'v1', 'eu-west-1')).toMatchObject({ inSync: true });
});

test('a replica that is still on its way is not in sync', async () => {
  await acquired('v1');
  lab.clock.advance(10_000);
  await acquired('v2');
  const answer = await replication.isInSync('shop', 'v2', 'eu-west-1');
  expect(answer).toMatchObject({ inSync: false, detail: expect.stringContaining('eu-west-1') });
});

test('a replica that has another version as its current one is not in sync', async () => {
  await acquired('v1');
  lab.clock.advance(10_000);
  expect(await replication.isInSync('shop', 'v2', 'eu-west-1')).toEqual({
    inSync: false,
    isLost: false,
    detail: 'eu-west-1 has another version as AWSCURRENT',
  });
});

test('a replica that broke is not in sync and says why', async () => {
  await acquired('v1');
  lab.clock.advance(10_000);
  lab.service.breakReplication('certkeep/shop', 'eu-west-1');
  await acquired('v2');
  lab.clock.advance(10_000);
  expect(await replication.isInSync('shop', 'v2', 'eu-west-1')).toMatchObject({
    inSync: false,
    detail: expect.stringContaining('Failed'),
  });
});

test('asked to, the key store gives another try to a replica that failed, and one to a region that has none', async () => {
  await acquired('v1');
  lab.service.breakReplication('certkeep/shop', 'eu-west-1');
  await acquired('v2');
  const [failed, none] = await Promise.all([
    replication.isInSync('shop', 'v2', 'eu-west-1'),
    replication.isInSync('shop', 'v2', 'ap-southeast-2'),
  ]);
  expect([failed.isLost, none.isLost]).toEqual([true, true]);
  await lab.anotherKeyStore({ replicaRegions: ['eu-west-1', 'ap-southeast-2'] }).replicate('shop');
  lab.clock.advance(10_000);
  for (const region of ['eu-west-1', 'ap-southeast-2']) {
    expect(await replication.isInSync('shop', 'v2', region)).toMatchObject({ inSync: true });
  }
});

test('it leaves replicas alone that stand or are on their way, and secrets that are not there', async () => {
  await acquired('v1');
  expect(await replication.isInSync('shop', 'v1', 'eu-west-1')).toMatchObject({
    inSync: false,
    isLost: false,
  });
  await lab.keyStore.replicate('shop');
  lab.clock.advance(10_000);
  await lab.keyStore.replicate('shop');
  await lab.keyStore.replicate('blog');
  expect(lab.calls('ReplicateSecretToRegions')).toBe(0);
});

test('a region without a replica, and a certificate without a secret, are not in sync', async () => {
  await acquired('v1');
  expect(await replication.isInSync('shop', 'v1', 'ap-south-1')).toEqual({
    inSync: false,
    isLost: true,
    detail: 'certkeep/shop has no replica in ap-south-1',
  });
  expect(await replication.isInSync('blog', 'v1', 'eu-west-1')).toMatchObject({ inSync: false });
});

test('no value is ever read for it', async () => {
  await acquired('v1');
  const before = lab.calls('GetSecretValue');
  await replication.isInSync('shop', 'v1', 'eu-west-1');
  expect(lab.calls('GetSecretValue')).toBe(before);
});
