import { roleArn } from 'local-cloud/kit/iam-lab.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
beforeAll(async () => {
  const source = configText('  shop: {names: [example.com], issuer: local}\n');
  world = await startWorld(source, { mayDeny: true });
});
afterAll(() => world?.close());

const home = '000000000000';
const secret = (name: string, region = 'us-east-1') =>
  `arn:aws:secretsmanager:${region}:${home}:secret:${name}-AbCdEf`;
const topic = (name: string) => `arn:aws:sns:us-east-1:${home}:${name}`;

type Use = {
  readonly by: string;
  readonly via: 's3' | 'secretsmanager' | 'sns';
  readonly of: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly action?: string;
};

/** Says whether KMS would let a role use the key of the installation for that, when a service asks for it. */
async function mayUse({ by, via, of, region = 'us-east-1', action = 'Decrypt' }: Use) {
  const key = world.cloud.kms.find({ account: home, region }, 'alias/certkeep')?.arn ?? '';
  const context = Object.entries(of).map(([name, value]) => [
    `kms:EncryptionContext:${name}`,
    value,
  ]);
  return world.cloud.iam.isAllowed({
    principal: roleArn(`certkeep-us-east-1-${by}`),
    action: `kms:${action}`,
    resource: key,
    context: {
      'kms:ViaService': `${via}.${region}.amazonaws.com`,
      ...Object.fromEntries(context),
    },
  });
}

const ofBucket = (bucket: string) => ({ 'aws:s3:arn': `arn:aws:s3:::${bucket}` });
const ofSecret = (name: string, region?: string) => ({ SecretARN: secret(name, region) });

test.each(['check', 'issue', 'deploy', 'verify', 'sync', 'alert'])(
  '%s opens objects of the bucket of the installation, and of no other bucket with the same key',
  async (by) => {
    const via = 's3' as const;
    expect(await mayUse({ by, via, of: ofBucket(`certkeep-${home}-us-east-1`) })).toBe(true);
    const object = ofBucket(`certkeep-${home}-us-east-1/certificates/shop/record.json`);
    expect(await mayUse({ by, via, of: object })).toBe(true);
    expect(await mayUse({ by, via, of: ofBucket('of-somebody-else') })).toBe(false);
    expect(await mayUse({ by, via, of: {} })).toBe(false);
  },
);

test('sync opens only objects of the copies with the keys there', async () => {
  const there = { by: 'sync', via: 's3', region: 'eu-west-1' } as const;
  expect(await mayUse({ ...there, of: ofBucket(`certkeep-${home}-eu-west-1`) })).toBe(true);
  expect(await mayUse({ ...there, of: ofBucket('of-somebody-else') })).toBe(false);
});

test('issue opens secrets of certificates and accounts, deploy those of certificates, and neither others', async () => {
  const may = (by: string, name: string) =>
    mayUse({ by, via: 'secretsmanager', of: ofSecret(name) });
  expect(await may('issue', 'certkeep/shop')).toBe(true);
  expect(await may('issue', 'certkeep-accounts/ca')).toBe(true);
  expect(await may('deploy', 'certkeep/shop')).toBe(true);
  expect(await may('deploy', 'certkeep-accounts/ca')).toBe(false);
  for (const by of ['issue', 'deploy', 'sync']) expect(await may(by, 'others/shop')).toBe(false);
});

test('issue encrypts only replicas of its own secrets', async () => {
  const there = { by: 'issue', via: 'secretsmanager', region: 'eu-west-1' } as const;
  const action = 'Encrypt';
  expect(await mayUse({ ...there, action, of: ofSecret('certkeep/shop', 'eu-west-1') })).toBe(true);
  expect(await mayUse({ ...there, action, of: ofSecret('certkeep/shop') })).toBe(true);
  expect(await mayUse({ ...there, action, of: ofSecret('others/shop', 'eu-west-1') })).toBe(false);
});

test('alert encrypts only messages of its own topic', async () => {
  const may = (name: string) =>
    mayUse({ by: 'alert', via: 'sns', of: { 'aws:sns:topicArn': topic(name) } });
  expect(await may('certkeep-alerts')).toBe(true);
  expect(await may('of-somebody-else')).toBe(false);
});
