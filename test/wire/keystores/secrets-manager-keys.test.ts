import { inspect } from 'node:util';
import { DescribeSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Secret } from '#shared/secret.ts';
import { newKey, type SecretsLab, secretsLab } from './secrets-lab.ts';

let lab: SecretsLab;

beforeEach(async () => {
  lab = await secretsLab();
});
afterEach(() => lab.close());

test('the first key of a certificate stands behind a placeholder, pending and not current', async () => {
  const key = newKey();
  expect((await lab.keyStore.storeKey('shop', 'v1', key)).reveal()).toBe(key.reveal());
  expect(await lab.labels('shop')).toEqual({
    placeholder: ['AWSCURRENT'],
    'v1 key': ['certkeep-pending'],
  });
  expect(await lab.keyStore.current('shop')).toBeNull();
});

test('a stored key is read by its attempt, and no other is', async () => {
  const key = newKey();
  await lab.keyStore.storeKey('shop', 'v1', key);
  expect((await lab.keyStore.readKey('shop', 'v1'))?.reveal()).toBe(key.reveal());
  expect(await lab.keyStore.readKey('shop', 'v2')).toBeNull();
  expect(await lab.keyStore.readKey('blog', 'v1')).toBeNull();
});

test('an attempt has one key: a later one for it is dropped and the first is returned', async () => {
  const first = newKey();
  await lab.keyStore.storeKey('shop', 'v1', first);
  expect((await lab.keyStore.storeKey('shop', 'v1', newKey())).reveal()).toBe(first.reveal());
  expect((await lab.keyStore.readKey('shop', 'v1'))?.reveal()).toBe(first.reveal());
});

test('two processes that store a key for one attempt at once agree on one', async () => {
  const stores = [lab.keyStore, lab.anotherKeyStore(), lab.anotherKeyStore()];
  const keys = await Promise.all(stores.map((store) => store.storeKey('shop', 'v1', newKey())));
  expect(new Set(keys.map((key) => key.reveal())).size).toBe(1);
});

// The first PutSecretValue only finds out that there is no secret yet.
test.each([
  ['CreateSecret', 0],
  ['PutSecretValue', 1],
])('a %s whose answer is lost leaves one key and no error', async (operation, skip) => {
  const key = newKey();
  lab.front.faults.add({
    when: (call) => call.operation === operation,
    fault: { do: 'lose-answer' },
    skip,
  });
  expect((await lab.keyStore.storeKey('shop', 'v1', key)).reveal()).toBe(key.reveal());
  expect(Object.keys(await lab.labels('shop'))).toHaveLength(2);
});

test('the next attempt takes the pending label with it', async () => {
  await lab.keyStore.storeKey('shop', 'v1', newKey());
  await lab.keyStore.storeKey('shop', 'v2', newKey());
  expect(await lab.labels('shop')).toEqual({
    placeholder: ['AWSCURRENT'],
    'v2 key': ['certkeep-pending'],
  });
});

test('a value that is not visible yet is read again', async () => {
  lab.front.faults.add({
    when: ({ operation }) => operation === 'GetSecretValue',
    fault: { do: 'refuse', code: 'ResourceNotFoundException' },
    times: 2,
  });
  const key = newKey();
  expect((await lab.keyStore.storeKey('shop', 'v1', key)).reveal()).toBe(key.reveal());
});

test('a key that the key store may not read is told with the secret and the reason', async () => {
  lab.front.faults.add({
    when: ({ operation }) => operation === 'GetSecretValue',
    fault: { do: 'refuse', code: 'AccessDeniedException' },
  });
  await expect(lab.keyStore.readKey('shop', 'v1')).rejects.toMatchObject({
    name: 'KeyStoreUnreadable',
    message: expect.stringContaining('certkeep/shop'),
    cause: { name: 'AccessDeniedException' },
  });
});

test('the account key is made once, whoever asks', async () => {
  const made: Secret[] = [];
  const create = () => {
    const key = newKey();
    made.push(key);
    return key;
  };
  const stores = [lab.keyStore, lab.anotherKeyStore(), lab.anotherKeyStore()];
  const keys = await Promise.all(stores.map((store) => store.accountKey('le-3fa2', create)));
  keys.push(await lab.keyStore.accountKey('le-3fa2', create));
  expect(new Set(keys.map((key) => key.reveal())).size).toBe(1);
  expect(made.map((key) => key.reveal())).toContain(keys[0]?.reveal());
  expect((await lab.keyStore.accountKey('other', create)).reveal()).not.toBe(keys[0]?.reveal());
});

test('an account key that was kept under another name is the same account under the new one', async () => {
  const before = await lab.keyStore.accountKey('le-3fa2', newKey);
  const after = await lab.keyStore.accountKey('acme.example-77c1', newKey, 'le-3fa2');
  expect(after.reveal()).toBe(before.reveal());
  const renamed = await lab.keyStore.accountKey('acme.example-77c1', newKey, 'letsencrypt-3fa2');
  expect(renamed.reveal()).toBe(before.reveal());
  const fresh = await lab.keyStore.accountKey('other.example-0000', newKey, 'other-0000');
  expect(fresh.reveal()).not.toBe(before.reveal());
});

test('the thumbprint of an account’s key is written once, where anybody needs it', async () => {
  await lab.keyStore.accountKey('le-3fa2', newKey);
  const tags = async () => {
    const asked = new DescribeSecretCommand({ SecretId: 'certkeep-accounts/le-3fa2' });
    return (await lab.sdk.send(asked)).Tags;
  };
  await lab.anotherKeyStore({ showsThumbprints: false }).showThumbprint('le-3fa2', 'one');
  expect(await tags()).toEqual([]);
  for (const store of [lab.keyStore, lab.anotherKeyStore()]) {
    await store.showThumbprint('le-3fa2', 'one');
    expect(await tags()).toEqual([{ Key: 'certkeep:thumbprint', Value: 'one' }]);
  }
  expect(lab.calls('TagResource')).toBe(1);
  await lab.keyStore.showThumbprint('le-3fa2', 'another');
  expect(await tags()).toEqual([{ Key: 'certkeep:thumbprint', Value: 'another' }]);
});

test('an account key whose creation lost its answer is not made again', async () => {
  lab.front.faults.add({
    when: ({ operation }) => operation === 'CreateSecret',
    fault: { do: 'lose-answer' },
  });
  const key = newKey();
  expect((await lab.keyStore.accountKey('le', () => key)).reveal()).toBe(key.reveal());
});

test('a value that somebody else wrote into the secret is rejected, and not quoted', async () => {
  await lab.keyStore.storeKey('shop', 'v1', newKey());
  const foreign = { SecretId: 'certkeep/shop', SecretString: '{"password": hunter2}' };
  await lab.sdk.send(new PutSecretValueCommand(foreign));
  const error = await lab.keyStore.current('shop').catch((caught: Error) => caught);
  expect(error).toMatchObject({ name: 'StoredVersionDiffers' });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
});

test('two installations of one account know nothing of each other', async () => {
  const other = lab.anotherKeyStore({ installation: 'other' });
  const [ours, theirs] = [newKey(), newKey()];
  await lab.keyStore.storeKey('shop', 'v1', ours);
  expect(await other.readKey('shop', 'v1')).toBeNull();
  await other.storeKey('shop', 'v1', theirs);
  expect((await lab.keyStore.readKey('shop', 'v1'))?.reveal()).toBe(ours.reveal());
  expect((await other.readKey('shop', 'v1'))?.reveal()).toBe(theirs.reveal());
  const accounts = [
    await lab.keyStore.accountKey('ca', () => ours),
    await other.accountKey('ca', () => theirs),
  ];
  expect(accounts.map((key) => key.reveal())).toEqual([ours.reveal(), theirs.reveal()]);
});
