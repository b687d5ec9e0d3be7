import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  account,
  allow,
  type IamLab,
  iamLab,
  keyIn,
  policy,
  region,
  roleArn,
  type Statement,
} from '#cloud/kit/iam-lab.ts';

const key = keyIn(region);
const Bucket = 'certkeep-ledger';
const bucket = `arn:aws:s3:::${Bucket}`;
const Key = 'certificates/shop/record.json';
const topic = `arn:aws:sns:${region}:${account}:certkeep-alerts`;

let lab: IamLab;
beforeEach(async () => {
  lab = await iamLab();
  lab.makeKey();
});
afterEach(() => lab.close());

const all = allow(['s3:*', 'sns:*', 'sqs:*'], '*');
const use = (actions: string | string[], Condition?: Statement) => allow(actions, key, Condition);

async function encryptedBucket(options = { bucketKey: true }) {
  await lab.operator.s3.createBucket({ Bucket });
  lab.iam.useKey(bucket, key, options);
}

test('a bucket that encrypts by default needs the key to write, and to read', async () => {
  await encryptedBucket();
  const writer = lab.as('writer', [all, use('kms:GenerateDataKey')]);
  await writer.s3.putObject({ Bucket, Key, Body: '{}' });
  await writer.s3.headObject({ Bucket, Key });
  await expect(writer.s3.getObject({ Bucket, Key })).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(
      /perform: kms:Decrypt on resource: arn:aws:kms:\S+ because no identity-based policy allows the kms:Decrypt action$/,
    ),
  });
  const reader = lab.as('reader', [all, use('kms:Decrypt')]);
  await reader.s3.getObject({ Bucket, Key });
  await expect(reader.s3.putObject({ Bucket, Key, Body: '{}' })).rejects.toMatchObject({
    message: expect.stringContaining('kms:GenerateDataKey'),
  });
});

test('what is written without KMS in such a bucket is read without it', async () => {
  await encryptedBucket();
  const plain = lab.as('plain', [all]);
  await plain.s3.putObject({ Bucket, Key, Body: '{}', ServerSideEncryption: 'AES256' });
  await plain.s3.getObject({ Bucket, Key });
  const ownKey = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key } as const;
  await expect(plain.s3.putObject({ Bucket, Key, Body: '{}', ...ownKey })).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

test.each([
  { bucketKey: true, context: bucket, other: `${bucket}/${Key}` },
  { bucketKey: false, context: `${bucket}/${Key}`, other: bucket },
])('KMS hears of $context with bucketKey $bucketKey', async ({ bucketKey, context, other }) => {
  await encryptedBucket({ bucketKey });
  const when = (arn: string, via = 's3') =>
    use('kms:GenerateDataKey', {
      StringEquals: {
        'kms:EncryptionContext:aws:s3:arn': arn,
        'kms:ViaService': `${via}.${region}.amazonaws.com`,
      },
    });
  const put = { Bucket, Key, Body: '{}' };
  await lab.as('right', [all, when(context)]).s3.putObject(put);
  for (const wrong of [when(other), when(context, 'sns')]) {
    const asked = lab.as('wrong', [all, wrong]).s3.putObject(put);
    await expect(asked).rejects.toMatchObject({ name: 'AccessDenied' });
  }
});

test('a key policy that delegates nothing lets only those in whom it names', async () => {
  await encryptedBucket();
  const named = { AWS: roleArn('named') };
  const only = { Sid: 'Only', Effect: 'Allow', Principal: named, Action: 'kms:*', Resource: '*' };
  lab.iam.putResourcePolicy(key, policy(only));
  const put = { Bucket, Key, Body: '{}' };
  await lab.as('named', [all]).s3.putObject(put);
  const other = lab.as('other', [all, use('kms:*')]);
  await expect(other.s3.putObject(put)).rejects.toMatchObject({
    message: expect.stringContaining('because no resource-based policy allows the kms:Generate'),
  });
});

test('nobody may use a key without a policy', async () => {
  await encryptedBucket();
  lab.iam.putResourcePolicy(key, null);
  const asked = lab.as('anybody', [allow('*', '*')]);
  await expect(asked.s3.putObject({ Bucket, Key, Body: '{}' })).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

test('publishing to an encrypted topic needs its key, and is denied with its own code', async () => {
  const Attributes = { KmsMasterKeyId: 'alias/certkeep' };
  await lab.operator.sns.createTopic({ Name: 'certkeep-alerts', Attributes });
  const message = { TopicArn: topic, Message: 'hello' };
  const alert = lab.as('alert', [all, use(['kms:GenerateDataKey*', 'kms:Decrypt'])]);
  await alert.sns.publish(message);
  const half = lab.as('half', [all, use('kms:GenerateDataKey*')]);
  await expect(half.sns.publish(message)).rejects.toMatchObject({
    name: 'KMSAccessDeniedException',
    message: expect.stringContaining('kms:Decrypt'),
  });
  const none = lab.as('none', []);
  await expect(none.sns.publish(message)).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: expect.stringContaining(`perform: SNS:Publish on resource: ${topic} because no`),
  });
});

test('an encrypted queue needs its key to send and to receive', async () => {
  const { QueueUrl } = await lab.operator.sqs.createQueue({ QueueName: 'certkeep-dead-events' });
  lab.iam.useKey(`arn:aws:sqs:${region}:${account}:certkeep-dead-events`, key);
  const sender = lab.as('sender', [all]);
  await expect(sender.sqs.sendMessage({ QueueUrl, MessageBody: 'x' })).rejects.toMatchObject({
    message: expect.stringContaining('kms:GenerateDataKey'),
  });
  await expect(sender.sqs.receiveMessage({ QueueUrl })).rejects.toMatchObject({
    message: expect.stringContaining('kms:Decrypt'),
  });
  lab.grant('sender', [all, use(['kms:GenerateDataKey', 'kms:Decrypt'])]);
  await sender.sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
});
