import { afterEach, beforeEach, expect, it } from 'vitest';
import { ask } from '#cloud/wire/service.ts';
import { call, type Lab, lab, resource } from '../fixtures/stacks.ts';

let aws: Lab;
beforeEach(async () => {
  aws = await lab();
});
afterEach(() => aws.cloud.close());

const ref = (Ref: string) => ({ Ref });
const att = (...names: readonly string[]) => ({ 'Fn::GetAtt': names });
const at = 'us-east-1:000000000000';

it('a queue has its dead letters, visibility and retention', () => {
  const Dead = resource('SQS::Queue', { QueueName: 'dead.fifo', FifoQueue: true });
  const RedrivePolicy = { deadLetterTargetArn: att('Dead', 'Arn'), maxReceiveCount: 2 };
  const Work = resource('SQS::Queue', {
    QueueName: 'work.fifo',
    FifoQueue: true,
    RedrivePolicy,
    VisibilityTimeout: 900,
    MessageRetentionPeriod: 1_209_600,
    SqsManagedSseEnabled: true,
  });
  const { Url } = aws.deploy({
    Resources: { Work, Dead },
    Outputs: { Url: { Value: ref('Work') } },
  });
  expect(Url).toBe(`${aws.cloud.endpoint}/000000000000/work.fifo`);
  expect(aws.cloud.sqs.queue('us-east-1', 'work.fifo')?.attributes()).toMatchObject({
    VisibilityTimeout: '900',
    MessageRetentionPeriod: '1209600',
    RedrivePolicy: `{"deadLetterTargetArn":"arn:aws:sqs:${at}:dead.fifo","maxReceiveCount":2}`,
  });
});

it('a bucket is versioned and encrypts what it is given', () => {
  const Key = resource('KMS::Key', { KeyPolicy: {}, MultiRegion: true });
  const Bucket = resource('S3::Bucket', {
    BucketName: 'certkeep-bucket',
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          ServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            KMSMasterKeyID: att('Key', 'Arn'),
          },
        },
      ],
    },
  });
  const Outputs = { KeyArn: { Value: att('Key', 'Arn') } };
  const { KeyArn } = aws.deploy({ Resources: { Bucket, Key }, Outputs });
  const { s3 } = aws.cloud;
  const on = { Bucket: 'certkeep-bucket' };
  ask(s3, 'PutObject', { ...on, Key: 'a', Body: Buffer.from('x') }, call);
  expect(ask(s3, 'HeadObject', { ...on, Key: 'a' }, call)).toMatchObject({
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: KeyArn,
    VersionId: expect.stringMatching(/^\w{32}$/),
  });
});

it('a key has an alias, and a replica of the same id in another region', () => {
  const Key = resource('KMS::Key', { KeyPolicy: {}, MultiRegion: true });
  const Alias = (TargetKeyId: object) =>
    resource('KMS::Alias', { AliasName: 'alias/certkeep', TargetKeyId });
  const Outputs = { KeyArn: { Value: att('Key', 'Arn') } };
  const { KeyArn } = aws.deploy({ Resources: { Alias: Alias(ref('Key')), Key }, Outputs });
  expect(KeyArn).toMatch(new RegExp(`^arn:aws:kms:${at}:key/mrk-[0-9a-f]{32}$`));
  const PrimaryKeyArn = {
    'Fn::GetStackOutput': { StackName: 'test', OutputName: 'KeyArn', Region: 'us-east-1' },
  };
  const Copy = resource('KMS::ReplicaKey', { KeyPolicy: {}, PrimaryKeyArn });
  const region = 'eu-west-1';
  const copied = { Resources: { Copy, Alias: Alias(ref('Copy')) } };
  aws.deploy(copied, { region, stackName: 'copy' });
  const found = aws.cloud.kms.find({ ...call, region }, 'alias/certkeep');
  expect(found).toMatchObject({ arn: KeyArn?.replace('us-east-1', region), primaryArn: KeyArn });
});

it('a log group keeps what it is told to keep', () => {
  const Group = resource('Logs::LogGroup', { LogGroupName: '/aws/lambda/a', RetentionInDays: 90 });
  const Outputs = { Arn: { Value: att('Group', 'Arn') } };
  expect(aws.deploy({ Resources: { Group }, Outputs }).Arn).toBe(
    `arn:aws:logs:${at}:log-group:/aws/lambda/a:*`,
  );
  expect(aws.cloud.logs.find(call, '/aws/lambda/a')?.retentionDays).toBe(90);
});

it('stacks of other accounts and partitions have their resources there', () => {
  const Resources = { Queue: resource('SQS::Queue', { QueueName: 'there' }) };
  const Outputs = { Arn: { Value: att('Queue', 'Arn') }, P: { Value: ref('AWS::Partition') } };
  const place = { account: '111111111111', region: 'cn-north-1' };
  const outputs = aws.deploy({ Resources, Outputs }, place);
  expect(outputs).toEqual({ Arn: 'arn:aws-cn:sqs:cn-north-1:111111111111:there', P: 'aws-cn' });
  expect(aws.cloud.sqs.queueByArn(outputs.Arn ?? '')?.name).toBe('there');
});

it('a condition decides what is created, and a bootstrap that is too old stops everything', () => {
  const Conditions = { Here: { 'Fn::Equals': [ref('AWS::Region'), 'us-east-1'] } };
  const Elsewhere = { 'Fn::Not': [{ Condition: 'Here' }] };
  const queue = (QueueName: string, Condition: string) =>
    resource('SQS::Queue', { QueueName }, { Condition });
  aws.deploy({
    Conditions: { ...Conditions, Elsewhere },
    Resources: { A: queue('a', 'Here'), B: queue('b', 'Elsewhere') },
  });
  const there = ['a', 'b'].map((name) => aws.cloud.sqs.queue('us-east-1', name)?.name);
  expect(there).toEqual(['a', undefined]);
  const Default = '/cdk-bootstrap/hnb659fds/version';
  const Parameters = { Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default } };
  const rule = (versions: readonly string[]) => ({
    Check: {
      Assertions: [
        {
          Assert: { 'Fn::Not': [{ 'Fn::Contains': [versions, ref('Version')] }] },
          AssertDescription: 'Please bootstrap again.',
        },
      ],
    },
  });
  expect(aws.deploy({ Parameters, Rules: rule(['1', '2', '3', '4', '5']) })).toEqual({});
  expect(() => aws.deploy({ Parameters, Rules: rule(['33']) })).toThrow(
    'stack test, rule Check: Please bootstrap again.',
  );
});
