import {
  CopyObjectCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { roleArn } from 'local-cloud/kit/iam-lab.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partKey, writers } from '#shared/ledger/parts/writers.ts';
import { configText } from '#test/support/fleet.ts';
import { personIn } from '#test/support/person-in.ts';
import { startWorld, type World } from '#test/support/world.ts';

const source = `${configText('  shop: {names: [example.com], issuer: local}\n')}breakGlassRole: people/emergency
`;

let world: World;
beforeAll(async () => {
  world = await startWorld(source, { mayDeny: true });
  await world.check();
});
afterAll(() => world?.close());

const s3 = (options: ReturnType<typeof personIn>) =>
  new S3Client({ ...options, forcePathStyle: true, maxAttempts: 1 });
const people = (region: string) => ({
  operator: s3(operatorClient(world.cloud, region)),
  administrator: s3(personIn(world, 'administrator', region)),
  emergency: s3(personIn(world, 'people/emergency', region)),
});

const denied = (call: Promise<unknown>) =>
  expect(call).rejects.toThrow(/explicit deny in a resource-based policy/);

const keyHere = (region: string) =>
  world.cloud.kms.find({ account: '000000000000', region }, 'alias/certkeep')?.arn ?? '';

describe.each([
  ['at home', 'us-east-1'],
  ['of a copy', 'eu-west-1'],
])('the bucket %s', (_, region) => {
  const Bucket = `certkeep-000000000000-${region}`;
  // At home this is the object that issue writes, and there a copy of the whole record.
  const Key = region === 'us-east-1' ? 'records/issue/shop.json' : 'certificates/shop/record.json';
  const put = (more: Partial<PutObjectCommandInput> = {}) =>
    new PutObjectCommand({ Bucket, Key: 'anything/else.json', Body: '{}', ...more });

  test('refuses a person with every right, and accepts what the named role writes', async () => {
    const { operator, administrator, emergency } = people(region);
    for (const stranger of [operator, administrator]) {
      await denied(stranger.send(put()));
      await denied(stranger.send(new DeleteObjectCommand({ Bucket, Key })));
      const CopySource = `${Bucket}/${Key}`;
      await denied(stranger.send(new CopyObjectCommand({ Bucket, Key, CopySource })));
    }
    await emergency.send(put());
  });

  test('has an earlier version put back by the named role, as the runbook says', async () => {
    const { emergency } = people(region);
    await emergency.send(put({ Key, Body: 'a mistake' }));
    const [newest, earlier] = world.cloud.s3.versionsOf(Bucket, Key);
    const CopySource = `${Bucket}/${Key}?versionId=${earlier?.versionId}`;
    await emergency.send(new CopyObjectCommand({ Bucket, Key, CopySource }));
    const [back] = world.cloud.s3.versionsOf(Bucket, Key);
    expect(back?.body).toEqual(earlier?.body);
    expect(Buffer.from(newest?.body ?? []).toString()).toBe('a mistake');
    expect(back?.headers.SSEKMSKeyId).toBe(keyHere(region));
  });

  test('refuses every other key and algorithm, whoever writes', async () => {
    const { emergency } = people(region);
    const other = keyHere(region).replace(/.$/, '_');
    await denied(emergency.send(put({ ServerSideEncryption: 'AES256' })));
    await denied(emergency.send(put({ ServerSideEncryption: 'aws:kms' })));
    await denied(emergency.send(put({ ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: other })));
    await denied(emergency.send(put({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: other })));
    const ours = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyHere(region) } as const;
    await emergency.send(put(ours));
  });

  test('lets nobody but the named role delete versions or change how they are kept', async () => {
    const { operator, administrator, emergency } = people(region);
    const VersionId = world.cloud.s3.versionsOf(Bucket, Key)[0]?.versionId;
    const remove = () => new DeleteObjectCommand({ Bucket, Key: 'x', VersionId });
    const suspend = (Status: 'Enabled' | 'Suspended') =>
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } });
    for (const stranger of [operator, administrator]) {
      await denied(stranger.send(remove()));
      await denied(stranger.send(suspend('Suspended')));
    }
    await emergency.send(remove());
    await emergency.send(suspend('Enabled'));
  });

  test.each([
    's3:PutBucketPolicy',
    's3:DeleteBucketPolicy',
    's3:PutLifecycleConfiguration',
    's3:PutEncryptionConfiguration',
  ])('can be changed by who deploys and by nobody else: %s', async (action) => {
    people(region);
    const deployer = `cdk-hnb659fds-cfn-exec-role-000000000000-${region}`;
    personIn(world, deployer, region);
    const may = (name: string, context = {}) =>
      world.cloud.iam.isAllowed({
        principal: roleArn(name),
        action,
        resource: `arn:aws:s3:::${Bucket}`,
        context,
      });
    expect(await may('administrator')).toBe(false);
    expect(await may(deployer)).toBe(true);
    expect(await may('people/emergency')).toBe(true);
    const byCloudFormation = { 'aws:CalledVia': ['cloudformation.amazonaws.com'] };
    expect(await may('administrator', byCloudFormation)).toBe(true);
  });
});

function mayWrite(name: string, region: string, key: string): Promise<boolean> {
  return world.cloud.iam.isAllowed({
    principal: roleArn(`certkeep-us-east-1-${name}`),
    action: 's3:PutObject',
    resource: `arn:aws:s3:::certkeep-000000000000-${region}/${key}`,
    context: {},
  });
}

test('only sync writes a copy of a whole record, and at home nobody does', async () => {
  const key = 'certificates/shop/record.json';
  expect(await mayWrite('sync', 'eu-west-1', key)).toBe(true);
  expect(await mayWrite('issue', 'eu-west-1', key)).toBe(false);
  for (const name of writers) expect(await mayWrite(name, 'us-east-1', key)).toBe(false);
});

test('what people were told is written by alert, and the state of the fleet by check', async () => {
  const writing = async (key: string) => {
    const allowed = await Promise.all(writers.map((name) => mayWrite(name, 'us-east-1', key)));
    return writers.filter((_, index) => allowed[index]);
  };
  expect(await writing('told/told.json')).toEqual(['alert']);
  expect(await writing('status/status.json')).toEqual(['check']);
  expect(await writing('observations/check.json')).toEqual(['check']);
  expect(await writing('observations/verify.json')).toEqual(['verify']);
  expect(
    await Promise.all(writers.map((of) => mayWrite('alert', 'us-east-1', partKey(of, 'shop')))),
  ).toEqual(writers.map(() => false));
});

test.each(writers.filter((name) => name !== 'alert'))(
  '%s writes its own part of the records, and no other',
  async (name) => {
    const allowed = await Promise.all(
      writers.map((writer) => mayWrite(name, 'us-east-1', partKey(writer, 'shop'))),
    );
    expect(writers.filter((_, index) => allowed[index])).toEqual([name]);
    expect(await mayWrite('schedule', 'us-east-1', partKey(name, 'shop'))).toBe(false);
    for (const region of ['eu-west-1']) {
      expect(await mayWrite(name, region, partKey(name, 'shop'))).toBe(false);
    }
  },
);
