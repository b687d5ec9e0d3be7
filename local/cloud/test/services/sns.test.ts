import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sns, sns, snsService } from '#cloud/services/sns.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

let topics: Sns;
let front: LocalFront;
let client: SNSClient;
let TopicArn: string;

beforeEach(async () => {
  topics = sns({ clock: virtualClock() });
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

test('creating a topic or a subscription twice changes nothing', async () => {
  const again = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
  const input = { TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' };
  await client.send(new SubscribeCommand(input));
  await client.send(new SubscribeCommand(input));
  const listed = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(again.TopicArn).toBe(TopicArn);
  expect(listed.Subscriptions).toMatchObject([{ SubscriptionArn: 'PendingConfirmation' }]);
  expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
});

test.each([
  ['100 characters', 'x'.repeat(100)],
  ['a line break', 'one\ntwo'],
])('a subject with %s is refused', async (_, Subject) => {
  await expect(publish({ Subject })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Subject',
  });
});

test('a subject of 99 characters and a message of 256 KiB pass', async () => {
  await publish({ Subject: 'x'.repeat(99), Message: 'x'.repeat(262_144) });
  await expect(publish({ Message: 'x'.repeat(262_145) })).rejects.toThrow('Message too long');
  await expect(publish({ Message: '' })).rejects.toThrow('Empty message');
});

test('an attribute without a value is refused', async () => {
  const MessageAttributes = { severity: { DataType: 'String', StringValue: '' } };
  await expect(publish({ MessageAttributes })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
  });
});

test('one body per protocol needs a default', async () => {
  const MessageStructure = 'json';
  await publish({ MessageStructure, Message: '{"default":"d","email":"for people"}' });
  expect(topics.published().at(-1)?.message).toBe('for people');
  await expect(publish({ MessageStructure, Message: '{}' })).rejects.toThrow('No default entry');
});

test('a topic that is not there is named so', async () => {
  await expect(publish({ TopicArn: `${TopicArn}-2` })).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});
