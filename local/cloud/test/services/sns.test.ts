import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sns, sns, snsService } from '#cloud/services/sns/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { ask } from '#cloud/wire/service.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

let topics: Sns;
let policy: object | null;
let front: LocalFront;
let client: SNSClient;
let TopicArn: string;

beforeEach(async () => {
  policy = null;
  topics = sns({ clock: virtualClock(), policyOf: () => policy });
  front = await localFront([snsService(topics)]);
  client = new SNSClient(front.configuration());
  TopicArn = (await client.send(new CreateTopicCommand({ Name: 'alerts' }))).TopicArn ?? '';
});
afterEach(() => front.close());

function publish(input: Partial<PublishCommandInput>) {
  return client.send(new PublishCommand({ TopicArn, Message: 'text', ...input }));
}

test('a published message reaches the confirmed addresses', async () => {
  const Endpoint = 'ops@example.com';
  const subscribe = new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint });
  expect((await client.send(subscribe)).SubscriptionArn).toBe('pending confirmation');
  await publish({ Subject: 'early' });
  topics.confirm(Endpoint);
  await publish({
    Subject: 'Certificate www is issued',
    Message: 'line one\nline two',
    MessageAttributes: { severity: { DataType: 'String', StringValue: 'info' } },
  });
  expect(topics.published()).toMatchObject([
    { subject: 'early', recipients: [] },
    {
      subject: 'Certificate www is issued',
      message: 'line one\nline two',
      attributes: { severity: 'info' },
      recipients: [Endpoint],
    },
  ]);
});

test('an address is subscribed once', async () => {
  const input = { TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' };
  await client.send(new SubscribeCommand(input));
  await client.send(new SubscribeCommand(input));
  const listed = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(listed.Subscriptions).toHaveLength(1);
});

test('a subject of 100 characters is refused', async () => {
  await expect(publish({ Subject: 'x'.repeat(100) })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Subject',
  });
});

test('of one body per protocol people get theirs', async () => {
  await publish({ MessageStructure: 'json', Message: '{"default":"d","email":"for people"}' });
  expect(topics.published().at(-1)?.message).toBe('for people');
});

test('another account publishes only to a topic with a policy, by which IAM decides', async () => {
  const call = { region: 'us-east-1', account: '222222222222', accessKeyId: 'somebody' };
  const message = { TopicArn, Message: 'text' };
  expect(() => ask(topics, 'Publish', message, call)).toThrow(`Not authorized to use ${TopicArn}`);
  policy = { Version: '2012-10-17', Statement: [] };
  ask(topics, 'Publish', message, call);
  expect(topics.published()).toHaveLength(1);
  expect(() => ask(topics, 'GetTopicAttributes', message, call)).toThrow('Not authorized');
});
