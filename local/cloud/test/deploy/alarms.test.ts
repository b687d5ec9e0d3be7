import { afterEach, beforeEach, expect, test } from 'vitest';
import { minuteMs } from '#cloud/clock.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';
import { call, type Lab, lab, resource } from '../fixtures/stacks.ts';

let clock: VirtualClock;
let aws: Lab;
beforeEach(async () => {
  clock = virtualClock();
  aws = await lab(clock);
  await aws.cloud.iam.prepare();
});
afterEach(() => aws.cloud.close());

const alarm = (change: object = {}) =>
  resource('CloudWatch::Alarm', {
    AlarmName: 'waiting',
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: 'Topic' }],
    ...change,
  });

/** The topic with a policy of this condition for CloudWatch, and with a key unless told. */
function resources(
  sourceArn: string,
  change: object = {},
  KmsMasterKeyId: object | undefined = key,
) {
  const statement = (Action: string | readonly string[]) => ({
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action,
    Resource: '*',
    Condition: { ArnLike: { 'aws:SourceArn': sourceArn } },
  });
  const policy = (Action: string | readonly string[]) => ({
    Version: '2012-10-17',
    Statement: [statement(Action)],
  });
  const KeyPolicy = policy(['kms:Decrypt', 'kms:GenerateDataKey*']);
  return {
    Queue: resource('SQS::Queue', { QueueName: 'work' }),
    Key: resource('KMS::Key', { KeyPolicy }),
    Topic: resource('SNS::Topic', { TopicName: 'alerts', KmsMasterKeyId }),
    Policy: resource('SNS::TopicPolicy', {
      PolicyDocument: policy('sns:Publish'),
      Topics: [{ Ref: 'Topic' }],
    }),
    Mail: resource('SNS::Subscription', {
      TopicArn: { Ref: 'Topic' },
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    }),
    Alarm: alarm(change),
  };
}

const key = { 'Fn::GetAtt': ['Key', 'Arn'] };
const anyAlarm = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:*';

async function ring(): Promise<void> {
  aws.cloud.sqs.queue('us-east-1', 'work')?.send({ body: 'work', senderId: 'test' });
  clock.advance(2 * minuteMs);
  await aws.cloud.cloudwatch.told();
}

test('an alarm of a template rings, under the policies of the topic and its key', async () => {
  const Outputs = { Arn: { Value: { 'Fn::GetAtt': ['Alarm', 'Arn'] } } };
  const { Arn } = aws.deploy({ Resources: resources(anyAlarm), Outputs });
  expect(Arn).toBe('arn:aws:cloudwatch:us-east-1:000000000000:alarm:waiting');
  aws.cloud.sns.confirm('ops@example.com');
  await ring();
  expect(aws.cloud.sns.published()).toMatchObject([
    { subject: 'ALARM: "waiting" in US East (N. Virginia)', recipients: ['ops@example.com'] },
  ]);
  const asked = aws.cloud.iam.decisions.map(({ action, role }) => `${role} ${action}`);
  expect(asked).toEqual([
    'cloudwatch.amazonaws.com sns:Publish',
    'cloudwatch.amazonaws.com kms:GenerateDataKey',
    'cloudwatch.amazonaws.com kms:Decrypt',
  ]);
});

test('a topic that does not let this alarm publish is told nothing', async () => {
  aws.deploy({ Resources: resources(anyAlarm.replace('*', 'other-*')) });
  await ring();
  expect(aws.cloud.cloudwatch.alarms.find(call, 'waiting')?.state).toBe('ALARM');
  expect(aws.cloud.sns.published()).toEqual([]);
});

test('an alarm that is deployed again keeps its state, and one that left the template is gone', async () => {
  aws.deploy({ Resources: resources(anyAlarm) });
  await ring();
  aws.deploy({ Resources: resources(anyAlarm, { Period: 120 }) });
  const found = () => aws.cloud.cloudwatch.alarms.find(call, 'waiting');
  expect(found()).toMatchObject({ state: 'ALARM', periodMs: 2 * minuteMs });
  const { Alarm, ...others } = resources(anyAlarm);
  aws.deploy({ Resources: others });
  expect(found()).toBeNull();
});

test.each<[object, string]>([
  [{ ThresholdMetricId: 'band' }, 'the local cloud does not know the property ThresholdMetricId'],
  [{ Statistic: 'IQM' }, 'NotImplemented: local: CloudWatch with the statistic IQM'],
])('%j is refused with the place in the template', (change, message) => {
  const deploy = () => aws.deploy({ Resources: resources(anyAlarm, change) });
  expect(deploy).toThrow('stack test, Alarm (AWS::CloudWatch::Alarm)');
  expect(deploy).toThrow(message);
});
