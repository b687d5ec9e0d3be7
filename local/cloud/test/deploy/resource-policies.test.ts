import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, lab, resource } from '../fixtures/stacks.ts';

let aws: Lab;
beforeEach(async () => {
  aws = await lab();
});
afterEach(() => aws.cloud.close());

const ref = (Ref: string) => ({ Ref });
const statement = (Action: string, Resource = '*') => ({ Effect: 'Allow', Action, Resource });
const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const trust = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const rights = { PolicyName: 'rights', PolicyDocument: document(statement('*')) };
/** May do everything. */
const Role = resource('IAM::Role', {
  RoleName: 'issue',
  AssumeRolePolicyDocument: trust,
  Policies: [rights],
});
const principal = 'arn:aws:iam::000000000000:role/issue';

/** Whether the role may do it all the same. */
const may = (action: string, on: string) =>
  aws.cloud.iam.isAllowed({ principal, action, resource: on });

describe('a policy of a resource decides for the role, too', () => {
  const deny = (Resource: unknown) =>
    document({ Effect: 'Deny', Principal: '*', Action: '*', Resource });
  const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

  it.each<[string, object, object, string, string]>([
    [
      'a queue',
      resource('SQS::Queue', { QueueName: 'q' }),
      resource('SQS::QueuePolicy', { PolicyDocument: deny(arn('On')), Queues: [ref('On')] }),
      'sqs:SendMessage',
      'arn:aws:sqs:us-east-1:000000000000:q',
    ],
    [
      'a bucket',
      resource('S3::Bucket', { BucketName: 'bucket' }),
      resource('S3::BucketPolicy', {
        PolicyDocument: deny('arn:aws:s3:::bucket/*'),
        Bucket: ref('On'),
      }),
      's3:PutObject',
      'arn:aws:s3:::bucket/key',
    ],
    [
      'a topic',
      resource('SNS::Topic', { TopicName: 't' }),
      resource('SNS::TopicPolicy', { PolicyDocument: deny(ref('On')), Topics: [ref('On')] }),
      'sns:Publish',
      'arn:aws:sns:us-east-1:000000000000:t',
    ],
    [
      'a bus',
      resource('Events::EventBus', { Name: 'b' }),
      resource('Events::EventBusPolicy', {
        EventBusName: ref('On'),
        StatementId: 'No',
        Statement: { Effect: 'Deny', Principal: '*', Action: '*', Resource: arn('On') },
      }),
      'events:PutEvents',
      'arn:aws:events:us-east-1:000000000000:event-bus/b',
    ],
  ])('%s', async (_, On, Policy, action, on) => {
    aws.deploy({ Resources: { Role, On, Policy } });
    expect(await may(action, on)).toBe(false);
    aws.deploy({ Resources: { Role, On } });
    expect(await may(action, on)).toBe(true);
  });

  it('a key lets in only whom its policy lets in', async () => {
    const key = (AWS: string) =>
      resource('KMS::Key', {
        MultiRegion: true,
        KeyPolicy: document({ ...statement('kms:*'), Principal: { AWS } }),
      });
    const Outputs = { Arn: { Value: arn('Key') } };
    const root = 'arn:aws:iam::000000000000:root';
    const { Arn = '' } = aws.deploy({ Resources: { Role, Key: key(root) }, Outputs });
    expect(await may('kms:Decrypt', Arn)).toBe(true);
    const other = 'arn:aws:iam::000000000000:role/other';
    aws.deploy({ Resources: { Role, Key: key(other) }, Outputs });
    expect(await may('kms:Decrypt', Arn)).toBe(false);
  });

  it('a policy moves from one queue to another', async () => {
    const queues = {
      A: resource('SQS::Queue', { QueueName: 'a' }),
      B: resource('SQS::Queue', { QueueName: 'b' }),
    };
    const of = (...names: readonly string[]) =>
      resource('SQS::QueuePolicy', { PolicyDocument: deny('*'), Queues: names.map(ref) });
    const denied = async () => {
      const on = (name: string) =>
        may('sqs:SendMessage', `arn:aws:sqs:us-east-1:000000000000:${name}`);
      return { a: !(await on('a')), b: !(await on('b')) };
    };
    aws.deploy({ Resources: { Role, ...queues, Policy: of('A') } });
    expect(await denied()).toEqual({ a: true, b: false });
    aws.deploy({ Resources: { Role, ...queues, Policy: of('A', 'B') } });
    expect(await denied()).toEqual({ a: true, b: true });
    aws.deploy({ Resources: { Role, ...queues, Policy: of('B') } });
    expect(await denied()).toEqual({ a: false, b: true });
  });
});
