import { expect, test } from 'vitest';
import { configYaml, parsed } from '#test/support/config-yaml.ts';
import { expectRow, type Row, warningOf } from '#test/support/mistakes.ts';

const alerts = (more: string) => ({ alerts: `alerts: {email: [ops@certkeep.dev], ${more}}` });
const topic = (arn: string) => alerts(`snsTopic: "${arn}"`);
const ops = 'arn:aws:sns:us-east-1:123456789012:ops';
const key = (region: string) =>
  `arn:aws:kms:${region}:123456789012:key/0f1e2d3c-4b5a-4987-a6b5-c4d3e2f1a0b9`;
const at = 'alerts.snsTopic';
const keyAt = 'alerts.snsTopicKey';

test('a topic of the user, in any account and region, and its key are accepted', () => {
  for (const arn of [ops, 'arn:aws:sns:eu-west-1:222222222222:ops']) {
    const snsTopicKey = key(arn.split(':')[3] ?? '');
    const { config, warnings } = parsed(
      configYaml(alerts(`snsTopic: "${arn}", snsTopicKey: "${snsTopicKey}"`)),
    );
    expect(config.alerts).toMatchObject({ snsTopic: arn, snsTopicKey });
    expect(warnings).toEqual([]);
  }
});

const rows: readonly Row[] = [
  ['a FIFO topic', topic(`${ops}.fifo`), at, 'is a FIFO topic', 'a standard queue can'],
  [
    'a subscription',
    topic(`${ops}:8a21d249-4329-4871-acc6-7be709c6ea7f`),
    at,
    'the ARN of a subscription',
    `Write that of its topic: ${ops}.`,
  ],
  ['a name', topic('ops'), at, 'is the name of a topic', 'aws sns list-topics'],
  [
    'a queue',
    topic('arn:aws:sqs:us-east-1:123456789012:ops'),
    at,
    'is not the ARN of an SNS topic',
    'subscribe this to it',
  ],
  [
    'another partition',
    topic('arn:aws-cn:sns:cn-north-1:123456789012:ops'),
    at,
    'is in the partition aws-cn, out of reach from us-east-1',
    'the partition aws.',
  ],
  [
    'a partition that contradicts its region',
    topic('arn:aws:sns:cn-north-1:123456789012:ops'),
    at,
    'names the partition aws',
    'Copy the ARN',
  ],
  [
    'the topic of the installation',
    topic('arn:aws:sns:us-east-1:123456789012:certkeep-alerts'),
    at,
    'is a topic of the installation itself',
    'Remove it',
  ],
  [
    'a key without a topic',
    alerts(`snsTopicKey: "${key('us-east-1')}"`),
    keyAt,
    'is the key of no topic',
    '"snsTopic:"',
  ],
  [
    'a key of another region',
    alerts(`snsTopic: "${ops}", snsTopicKey: "${key('eu-west-1')}"`),
    keyAt,
    'is of eu-west-1, and the topic is in us-east-1',
    `--topic-arn ${ops} --query Attributes.KmsMasterKeyId`,
  ],
  [
    'an alias',
    alerts(`snsTopic: "${ops}", snsTopicKey: alias/ops`),
    keyAt,
    'is an alias',
    'aws kms describe-key --key-id alias/ops',
  ],
  [
    'the key of AWS',
    alerts(`snsTopic: "${ops}", snsTopicKey: alias/aws/sns`),
    keyAt,
    'is the key of AWS for sns',
    'Leave it out',
  ],
  [
    'the id of a key',
    alerts(`snsTopic: "${ops}", snsTopicKey: 0f1e2d3c-4b5a-4987-a6b5-c4d3e2f1a0b9`),
    keyAt,
    'is the id of a key',
    'KeyMetadata.Arn',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));

test('a topic of the user alone is no address for the alarms', () => {
  const warning = warningOf({ alerts: `alerts: {snsTopic: "${ops}"}` });
  expect(warning.message).toContain('alarms, which ring when certkeep itself cannot speak');
});
