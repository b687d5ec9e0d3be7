import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secondMs } from '#cloud/clock.ts';
import {
  type SecretsManager,
  secretsManager,
  secretsManagerService,
} from '#cloud/services/secrets-manager/service.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

const SecretId = 'certkeep/www';
const region = 'eu-west-1';
let clock: VirtualClock;
let secrets: SecretsManager;
let front: LocalFront;
let primary: SecretsManagerClient;
let replica: SecretsManagerClient;

beforeEach(async () => {
  clock = virtualClock();
  secrets = secretsManager({ clock, replicationMs: 5 * secondMs });
  front = await localFront([secretsManagerService(secrets)]);
  primary = new SecretsManagerClient(front.configuration());
  replica = new SecretsManagerClient(front.configuration({ region }));
  await primary.send(
    new CreateSecretCommand({
      Name: SecretId,
      SecretString: 'one',
      AddReplicaRegions: [{ Region: region }],
    }),
  );
});
afterEach(() => front.close());

async function status() {
  const described = await primary.send(new DescribeSecretCommand({ SecretId }));
  return described.ReplicationStatus?.map((it) => `${it.Region} ${it.Status}`);
}

async function replicated() {
  return (await replica.send(new GetSecretValueCommand({ SecretId }))).SecretString;
}

test('a replica appears after a while, and its status says so', async () => {
  expect(await status()).toEqual(['eu-west-1 InProgress']);
  await expect(replicated()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  clock.advance(5 * secondMs);
  expect(await replicated()).toBe('one');
  expect(await status()).toEqual(['eu-west-1 InSync']);
});

test('a replica shows the old value until the new one arrives', async () => {
  clock.advance(5 * secondMs);
  await primary.send(new PutSecretValueCommand({ SecretId, SecretString: 'two' }));
  clock.advance(4 * secondMs);
  expect(await replicated()).toBe('one');
  clock.advance(secondMs);
  expect(await replicated()).toBe('two');
  const both = await Promise.all(
    [primary, replica].map((client) => client.send(new DescribeSecretCommand({ SecretId }))),
  );
  expect(both[1]?.VersionIdsToStages).toEqual(both[0]?.VersionIdsToStages);
  expect(both[1]?.PrimaryRegion).toBe('us-east-1');
});

test('broken replication leaves the replica behind until it is mended', async () => {
  clock.advance(5 * secondMs);
  secrets.breakReplication(SecretId, region);
  await primary.send(new PutSecretValueCommand({ SecretId, SecretString: 'two' }));
  clock.advance(60 * secondMs);
  expect([await replicated(), await status()]).toEqual(['one', ['eu-west-1 Failed']]);
  secrets.mendReplication(SecretId, region);
  clock.advance(5 * secondMs);
  expect([await replicated(), await status()]).toEqual(['two', ['eu-west-1 InSync']]);
});

test('each region shows the key that the secret is sealed with there', async () => {
  const Name = 'certkeep/sealed';
  const AddReplicaRegions = [{ Region: region, KmsKeyId: 'alias/there' }];
  const KmsKeyId = 'alias/here';
  const sealed = { Name, SecretString: 'one', KmsKeyId, AddReplicaRegions };
  await primary.send(new CreateSecretCommand(sealed));
  clock.advance(5 * secondMs);
  const describe = new DescribeSecretCommand({ SecretId: Name });
  const here = await primary.send(describe);
  expect(here.KmsKeyId).toBe('alias/here');
  expect(here.ReplicationStatus?.map((it) => it.KmsKeyId)).toEqual(['alias/there']);
  expect((await replica.send(describe)).KmsKeyId).toBe('alias/there');
});

test("without a key of one's own the service's is used, and only the replication status names it", async () => {
  clock.advance(5 * secondMs);
  const described = await primary.send(new DescribeSecretCommand({ SecretId }));
  expect(described.KmsKeyId).toBeUndefined();
  expect(described.ReplicationStatus?.[0]?.KmsKeyId).toBe('alias/aws/secretsmanager');
});
