import { inspect } from 'node:util';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import { material, newKey, type SecretsLab, secretsLab } from './secrets-lab.ts';

let lab: SecretsLab;
let keyStore: KeyStore;

beforeEach(async () => {
  lab = await secretsLab();
  keyStore = lab.keyStore;
});
afterEach(() => lab.close());

/** A whole acquisition as far as the key store sees it. */
async function acquired(version: string, keep: readonly string[] = [version]) {
  const key = await keyStore.storeKey('shop', version, newKey());
  await keyStore.storeVersion('shop', version, material(key, `leaf ${version}`));
  await keyStore.promote('shop', version, keep);
  return key;
}

test('a version holds key, certificate and chain together and is labelled for itself', async () => {
  const key = await keyStore.storeKey('shop', 'v1', newKey());
  await keyStore.storeVersion('shop', 'v1', material(key));
  const stored = await keyStore.readVersion('shop', 'v1');
  expect(stored).toMatchObject({ versionId: 'v1', certificatePem: 'leaf', chainPem: 'chain' });
  expect(stored?.keyPem.reveal()).toBe(key.reveal());
  expect(await lab.labels('shop')).toEqual({
    placeholder: ['AWSCURRENT'],
    'v1 key': ['certkeep-pending'],
    'v1 full': ['certkeep-v1'],
  });
});

test('a version of which only the key is stored reads as such; an unknown one as null', async () => {
  await keyStore.storeKey('shop', 'v1', newKey());
  expect(await keyStore.readVersion('shop', 'v1')).toMatchObject({ certificatePem: null });
  expect(await keyStore.readVersion('shop', 'v9')).toBeNull();
  expect(await keyStore.readVersion('blog', 'v1')).toBeNull();
});

test('promotion makes the version current, and readers of the secret get a matching pair', async () => {
  const key = await acquired('v1');
  expect(await lab.labels('shop')).toEqual({
    placeholder: ['AWSPREVIOUS'],
    'v1 full': ['AWSCURRENT', 'certkeep-v1'],
  });
  expect(await keyStore.current('shop')).toMatchObject({ versionId: 'v1' });
  const read = await lab.sdk.send(new GetSecretValueCommand({ SecretId: 'certkeep/shop' }));
  expect(JSON.parse(read.SecretString ?? '')).toEqual({
    schema: 1,
    version: 'v1',
    key: key.reveal(),
    certificate: 'leaf v1',
    chain: 'chain',
  });
});

test('the next promotion moves AWSPREVIOUS and takes labels from versions that are not kept', async () => {
  await acquired('v1');
  await acquired('v2', ['v1', 'v2']);
  expect(await lab.labels('shop')).toEqual({
    'v1 full': ['AWSPREVIOUS', 'certkeep-v1'],
    'v2 full': ['AWSCURRENT', 'certkeep-v2'],
  });
  await acquired('v3', ['v2', 'v3']);
  expect(await lab.labels('shop')).toEqual({
    'v2 full': ['AWSPREVIOUS', 'certkeep-v2'],
    'v3 full': ['AWSCURRENT', 'certkeep-v3'],
  });
});

test('promoting again changes nothing', async () => {
  await acquired('v1');
  const before = lab.calls('UpdateSecretVersionStage');
  await keyStore.promote('shop', 'v1', ['v1']);
  expect(lab.calls('UpdateSecretVersionStage')).toBe(before);
});

test('the pending key of the attempt after this one stays pending', async () => {
  const key = await keyStore.storeKey('shop', 'v1', newKey());
  await keyStore.storeVersion('shop', 'v1', material(key));
  await keyStore.storeKey('shop', 'v2', newKey());
  await keyStore.promote('shop', 'v1', ['v1']);
  expect((await lab.labels('shop'))['v2 key']).toEqual(['certkeep-pending']);
});

test('a promotion that is interrupted after any call is completed by the next one', async () => {
  for (const skip of [0, 1, 2]) {
    const version = `v${skip}`;
    const key = await keyStore.storeKey('shop', version, newKey());
    await keyStore.storeVersion('shop', version, material(key));
    lab.front.faults.add({
      when: ({ operation }) => operation === 'UpdateSecretVersionStage',
      fault: { do: 'refuse', code: 'AccessDeniedException' },
      skip,
    });
    await keyStore.promote('shop', version, [version]).catch(() => undefined);
    lab.front.faults.clear();
    await keyStore.promote('shop', version, [version]);
    expect((await lab.labels('shop'))[`${version} full`]).toEqual([
      'AWSCURRENT',
      `certkeep-${version}`,
    ]);
    expect(JSON.stringify(await lab.labels('shop'))).not.toContain('pending');
  }
});

test('a promotion whose answers are lost is done once', async () => {
  await acquired('v1');
  lab.front.faults.add({
    when: ({ operation }) => operation === 'UpdateSecretVersionStage',
    fault: { do: 'lose-answer' },
    times: 2,
  });
  await acquired('v2', ['v1', 'v2']);
  expect(await keyStore.current('shop')).toMatchObject({ versionId: 'v2' });
});

test('a version that loses its race to a key of somebody else differs', async () => {
  await keyStore.storeVersion('shop', 'v1', material(newKey()));
  const other = keyStore.storeVersion('shop', 'v1', material(newKey()));
  await expect(other).rejects.toMatchObject({ name: 'StoredVersionDiffers', stage: 'store' });
});

test('storing a version again is nothing, also with another chain, but not with another leaf', async () => {
  const key = newKey();
  await keyStore.storeVersion('shop', 'v1', material(key));
  await keyStore.storeVersion('shop', 'v1', material(key));
  await keyStore.storeVersion('shop', 'v1', material(key, 'leaf', 'cross-signed'));
  expect((await keyStore.readVersion('shop', 'v1'))?.chainPem).toBe('chain');
  await expect(keyStore.storeVersion('shop', 'v1', material(key, 'other'))).rejects.toMatchObject({
    name: 'StoredVersionDiffers',
  });
});

test('nothing that the key store returns or throws prints key material', async () => {
  const key = await acquired('v1');
  const body = key.reveal().split('\n')[1] ?? '';
  const stored = await keyStore.current('shop');
  const error = await keyStore
    .storeVersion('shop', 'v1', material(newKey()))
    .catch((caught) => caught);
  for (const shown of [stored, error, key]) {
    expect(inspect(shown, { depth: 9, showHidden: true })).not.toContain(body);
    expect(JSON.stringify(shown)).not.toContain(body);
  }
});
