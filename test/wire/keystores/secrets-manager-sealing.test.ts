import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { material, newKey, type SecretsLab, secretsLab } from './secrets-lab.ts';

let lab: SecretsLab;
beforeEach(async () => {
  lab = await secretsLab();
});
afterEach(() => lab.close());

const keyId = 'alias/certkeep';

/** The key of a secret in each region that has it. */
async function keysOf(SecretId: string, regions: readonly string[]) {
  lab.clock.advance(10_000);
  const describe = (region: string) =>
    lab.sdkIn(region).send(new DescribeSecretCommand({ SecretId }));
  const described = await Promise.all(regions.map(describe));
  return described.map(({ KmsKeyId }) => KmsKeyId);
}

test("a certificate's secret is sealed with the installation's key, at home and in its replica", async () => {
  await lab.keyStore.storeKey('shop', 'v1', newKey());
  expect(await keysOf('certkeep/shop', ['us-east-1', 'eu-west-1'])).toEqual([keyId, keyId]);
});

test("and so is that of a CA's account", async () => {
  await lab.keyStore.accountKey('ca', newKey);
  expect(await keysOf('certkeep-accounts/ca', ['us-east-1', 'eu-west-1'])).toEqual([keyId, keyId]);
});

test('a region that joins later gets its replica with that key', async () => {
  const key = await lab.keyStore.storeKey('shop', 'v1', newKey());
  const joined = lab.anotherKeyStore({ replicaRegions: ['eu-west-1', 'ap-southeast-2'] });
  await joined.storeVersion('shop', 'v1', material(key));
  await joined.promote('shop', 'v1', ['v1']);
  expect(await keysOf('certkeep/shop', ['ap-southeast-2'])).toEqual([keyId]);
});
