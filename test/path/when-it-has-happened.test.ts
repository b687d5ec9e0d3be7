import { createPublicKey, X509Certificate } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RemoveRegionsFromReplicationCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { operatorClient } from 'local-cloud/operator.ts';
import { roleKeys } from 'local-cloud/runtime/credentials.ts';
import { stageOf } from 'local-cloud/services/lambda/state.ts';
import { afterEach, expect, test } from 'vitest';
import { awsSecretReader } from '#shared/adapters/secret-reader.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { desiredVersion } from '#shared/ledger/record/record.ts';
import { createSolver } from '#shared/solvers/registry.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import {
  cloudflareRefusal,
  cloudflareToken,
  startCloudflareApi,
} from '#test/support/dns-apis/cloudflare-api.ts';
import { recordStore } from '#test/support/dns-apis/record-store.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { loadedSolvers } from '#test/support/loaded-solvers.ts';
import { personIn } from '#test/support/person-in.ts';
import { solverDeps } from '#test/support/solver-deps.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { ledgerBucket } from '#test/support/world-objects.ts';

let world: World;
afterEach(() => world?.close());

const region = 'us-east-1';
const source = configText(
  `  shop: {names: [shop.example.com], issuer: local, rotation: reuse, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\nbreakGlassRole: emergency\n`,
);
const stages = ['check', 'issue', 'deploy', 'verify', 'sync', 'alert'];
const payload = { certificates: ['shop'], reason: 'it has happened' };

async function start(): Promise<void> {
  world = await startWorld(source, { mayDeny: true });
  await world.check();
  await world.live(hourMs);
}

const secrets = () => new SecretsManagerClient(operatorClient(world.cloud, region));
const version = () => desiredVersion(world.record('shop')) ?? expect.unreachable('it is issued');

function functionOf(stage: string) {
  const all = [...world.cloud.lambda.functions.values()];
  return all.find((each) => stageOf(each) === stage) ?? expect.unreachable(stage);
}

/** `aws iam put-role-policy … --policy-name stopped`, and `delete-role-policy`. */
function stop(stage: string, isStopped: boolean): void {
  const statement = { Effect: 'Deny', Action: '*', Resource: '*' };
  const document = { Version: '2012-10-17', Statement: [statement] };
  world.cloud.roles.putRolePolicy(
    functionOf(stage).roleArn,
    'stopped',
    isStopped ? document : null,
  );
}

/** `aws lambda update-function-configuration`: what runs keeps nothing of before. */
function renewContainers(stage: string): void {
  const deployed = functionOf(stage);
  world.cloud.lambda.functions.set(deployed.arn, { ...deployed });
}

async function force(): Promise<void> {
  await world.check({ ...payload, force: true });
  await world.live(hourMs);
}

function publicKey(): string {
  const key = `certificates/shop/versions/${version().id}/certificate.pem`;
  const { publicKey: own } = new X509Certificate(ledgerBucket(world).text(key));
  return own.export({ type: 'spki', format: 'der' }).toString('hex');
}

async function isServed(): Promise<void> {
  expect(await world.served('shop')).toEqual(new Set([version().serial]));
}

test('a role was stolen: it is stopped with the thief, all else goes on, and it comes back', async () => {
  await start();
  const thief = new SecretsManagerClient({
    endpoint: world.cloud.endpoint,
    region,
    credentials: roleKeys(world.cloud.accounts)(functionOf('issue')),
    maxAttempts: 1,
  });
  const read = () => thief.send(new GetSecretValueCommand({ SecretId: 'certkeep/shop' }));
  await read();
  stop('issue', true);
  await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  const before = version();
  await world.live(hourMs);
  await isServed();
  stop('issue', false);
  renewContainers('issue');
  await force();
  expect(version().id).not.toBe(before.id);
  await isServed();
});

test('the bucket was written to: earlier versions come back, what was planted goes, and renewals with it', async () => {
  await start();
  const { keys, put, text } = ledgerBucket(world);
  const key = 'records/issue/shop.json';
  const happenedAt = world.clock.now();
  world.clock.advance(minuteMs);
  const record = JSON.parse(text(key));
  const never = '9999-01-01T00:00:00.000Z';
  const lease = { fence: 'x', holder: 'thief', until: never };
  await put(key, JSON.stringify({ ...record, desired: null, leases: { acquire: lease } }));
  await put('records/issue/planted.json', JSON.stringify({ ...record, id: 'planted' }));
  await put('challenges/http-01/planted-by-a-thief-0123/bank.example.com', 'x');
  for (const stage of stages) stop(stage, true);

  const s3 = new S3Client({ ...personIn(world, 'emergency', region), forcePathStyle: true });
  const { bucket: Bucket } = world.names;
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: key }));
  const good = Versions.find(({ LastModified }) => LastModified && LastModified <= happenedAt);
  const CopySource = `${Bucket}/${key}?versionId=${good?.VersionId}`;
  await s3.send(new CopyObjectCommand({ Bucket, Key: key, CopySource }));
  const gone = [
    'records/issue/planted.json',
    ...(await keys('challenges/')),
    ...(await keys('dispatch/')),
  ];
  for (const Key of gone) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  for (const stage of stages) stop(stage, false);

  await world.check({ ...payload, retry: true });
  await world.live(hourMs);
  const before = version();
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
  world.clock.advance(61 * dayMs);
  await world.live(hourMs);
  expect(version().id).not.toBe(before.id);
  await isServed();
});

test('the key of a certificate leaked: a force serves another one, and the list of the CA harms nobody', async () => {
  world = await startWorld(source, { ca: { revocationList: true } });
  await world.check();
  await world.live(hourMs);
  const [leaked, before] = [publicKey(), version()];
  await force();
  expect(publicKey()).not.toBe(leaked);
  await isServed();
  // As `certbot revoke` has it done.
  world.cloud.ca.revoke(before.serial, 1);
  const orders = world.cloud.ca.ledger().orders.length;
  world.clock.advance(dayMs);
  await world.live(20 * minuteMs);
  expect(world.cloud.ca.ledger().orders).toHaveLength(orders);
  await isServed();
});

test('the key of an account leaked: without its secret there is another account, which issues', async () => {
  await start();
  const [account] = world.cloud.ca.ledger().accounts;
  const Filters = [{ Key: 'name' as const, Values: ['certkeep-accounts/'] }];
  const { SecretList = [] } = await secrets().send(new ListSecretsCommand({ Filters }));
  const [{ Name: SecretId } = {}] = SecretList;
  const { SecretString: leaked = '' } = await secrets().send(
    new GetSecretValueCommand({ SecretId }),
  );
  const replicas = { SecretId, RemoveReplicaRegions: ['eu-west-1'] };
  await secrets().send(new RemoveRegionsFromReplicationCommand(replicas));
  const forgotten = { SecretId, ForceDeleteWithoutRecovery: true };
  await secrets().send(new DeleteSecretCommand(forgotten));
  renewContainers('issue');
  await force();
  expect(world.cloud.ca.ledger().accounts).toHaveLength(2);
  expect(version().origin?.account).not.toBe(account?.url);
  const { SecretString: fresh = '' } = await secrets().send(
    new GetSecretValueCommand({ SecretId }),
  );
  const jwk = (pem: string) => createPublicKey(pem).export({ format: 'jwk' });
  expect(jwk(fresh)).not.toEqual(jwk(leaked));
  await isServed();
});

test('the record has the account that CAA records may name', async () => {
  await start();
  const accounts = world.cloud.ca.ledger().accounts.map(({ url }) => url);
  expect(accounts).toEqual([version().origin?.account]);
});

test('a DNS token leaked: the new one is read as soon as the service refuses the old one', async () => {
  await start();
  const aws = () => clientOptions(operatorClient(world.cloud, region));
  const store = recordStore();
  const zone = store.addZone('example.com');
  const api = await startCloudflareApi(store);
  const hold = (apiToken: string) => JSON.stringify({ apiToken });
  const SecretId = 'dns/cloudflare';
  try {
    await secrets().send(
      new CreateSecretCommand({ Name: SecretId, SecretString: hold(cloudflareToken) }),
    );
    const solver = createSolver(
      loadedSolvers,
      { type: 'cloudflare', secret: SecretId, cnameStrategy: 'none' } as SolverConfig,
      {
        ...solverDeps({ clock: world.clock, baseUrls: { cloudflare: api.baseUrl } }),
        secrets: awsSecretReader(aws),
      },
    );
    const name = '_acme-challenge.example.com';
    const { zoneId } = await solver.zoneFor(name);
    expect(zoneId).toBe(zone.id);
    // The old token was deleted at the service; in its place the one that it takes came into the secret.
    await secrets().send(
      new PutSecretValueCommand({ SecretId, SecretString: hold(cloudflareToken) }),
    );
    api.refuse('GET dns_records', cloudflareRefusal(403, 9109, 'Invalid access token'));
    await solver.publish(zoneId, [{ name, value: 'v'.repeat(43) }]);
    expect(store.txtAt(name)).toHaveLength(1);
    const reads = world.cloud.faults.calls.filter(
      ({ input, operation }) =>
        operation === 'GetSecretValue' && JSON.stringify(input).includes(SecretId),
    );
    expect(reads).toHaveLength(2);
  } finally {
    await api.close();
  }
});
