import { roleArn } from 'local-cloud/kit/iam-lab.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '#test/support/world.ts';
import { ofUser } from './of-user.ts';

const home = '000000000000';
const secret = (name: string, region = 'us-east-1') =>
  `arn:aws:secretsmanager:${region}:${home}:secret:${name}-AbCdEf`;

let world: World;
beforeAll(async () => {
  world = await startWorld(ofUser.source, { mayDeny: true });
});
afterAll(() => world?.close());

type Use = {
  readonly by: string;
  readonly key: string | undefined;
  readonly action?: string;
  readonly context: Readonly<Record<string, string>>;
};

function mayUse({ action = 'Decrypt', by, context, key = '' }: Use): Promise<boolean> {
  const principal = roleArn(`certkeep-us-east-1-${by}`);
  return world.cloud.iam.isAllowed({ principal, action: `kms:${action}`, resource: key, context });
}

test('of secrets, the key of the user opens those of certkeep alone, and only to who keeps or imports them', async () => {
  const may = (by: string, name: string, via = 'secretsmanager') =>
    mayUse({
      by,
      key: world.landscape.config.keyStore?.kmsKey,
      context: {
        'kms:ViaService': `${via}.us-east-1.amazonaws.com`,
        'kms:EncryptionContext:SecretARN': secret(name),
      },
    });
  expect(await may('issue', 'certkeep/shop')).toBe(true);
  expect(await may('issue', 'certkeep-accounts/ca')).toBe(true);
  expect(await may('deploy', 'certkeep/shop')).toBe(true);
  expect(await may('deploy', 'certkeep-accounts/ca')).toBe(false);
  for (const by of ['issue', 'deploy']) {
    expect(await may(by, 'others/shop')).toBe(false);
    expect(await may(by, 'certkeep/shop', 's3')).toBe(false);
  }
  for (const by of ['check', 'verify', 'sync', 'alert']) {
    expect(await may(by, 'certkeep/shop')).toBe(false);
  }
});

test('in a region of copies issue alone encrypts with the replica of that key', async () => {
  const key = world.landscape.config.keyStore?.kmsKey?.replace('us-east-1', 'eu-west-1');
  const may = (by: string, name: string) =>
    mayUse({
      by,
      key,
      action: 'Encrypt',
      context: {
        'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com',
        'kms:EncryptionContext:SecretARN': secret(name, 'eu-west-1'),
      },
    });
  expect(await may('issue', 'certkeep/shop')).toBe(true);
  expect(await may('issue', 'others/shop')).toBe(false);
  expect(await may('deploy', 'certkeep/shop')).toBe(false);
});

test('alert publishes to the topic of the user alone, and uses its key for that topic', async () => {
  const { snsTopic = '', snsTopicKey } = world.landscape.config.alerts;
  const principal = roleArn('certkeep-us-east-1-alert');
  const publish = (resource: string) =>
    world.cloud.iam.isAllowed({ principal, action: 'sns:Publish', resource });
  expect(await publish(snsTopic)).toBe(true);
  expect(await publish(`${snsTopic}-of-others`)).toBe(false);
  const use = (topic: string, via = 'sns') =>
    mayUse({
      by: 'alert',
      key: snsTopicKey,
      context: {
        'kms:ViaService': `${via}.eu-west-1.amazonaws.com`,
        'kms:EncryptionContext:aws:sns:topicArn': topic,
      },
    });
  expect(await use(snsTopic)).toBe(true);
  expect(await use(`${snsTopic}-of-others`)).toBe(false);
  expect(await use(snsTopic, 's3')).toBe(false);
});
