import { type MessageAttributeValue, SNS } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sns, sns, snsService } from '#cloud/services/sns/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

let topics: Sns;
let front: LocalFront;
let client: SNS;
let TopicArn: string;

beforeEach(async () => {
  topics = sns({ clock: virtualClock() });
  front = await localFront([snsService(topics)]);
  client = new SNS(front.configuration());
  TopicArn = (await client.createTopic({ Name: 'alerts' })).TopicArn ?? '';
});
afterEach(() => front.close());

const Endpoint = 'ops@example.com';

async function subscribe(policy: object): Promise<string> {
  const FilterPolicy = JSON.stringify(policy);
  const input = { TopicArn, Protocol: 'email', Endpoint, ReturnSubscriptionArn: true };
  const { SubscriptionArn } = await client.subscribe({ ...input, Attributes: { FilterPolicy } });
  topics.confirm(Endpoint);
  return SubscriptionArn ?? '';
}

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const list = (...values: readonly unknown[]) => ({
  DataType: 'String.Array',
  StringValue: JSON.stringify(values),
});

async function isDelivered(MessageAttributes: Record<string, MessageAttributeValue> = {}) {
  await client.publish({ TopicArn, Message: 'text', MessageAttributes });
  return topics.published().at(-1)?.recipients.length === 1;
}

test.each([
  ['one of the values', { owner: text('b') }, true],
  ['another value', { owner: text('c') }, false],
  ['a value in other letters', { owner: text('A') }, false],
  ['a value that only begins so', { owner: text('ab') }, false],
  ['no such attribute', { severity: text('a') }, false],
  ['no attribute at all', {}, false],
  ['a list with one of the values', { owner: list('x', 'b') }, true],
  ['a list of others', { owner: list('x', 'y') }, false],
  ['a list of nothing', { owner: list() }, false],
  ['a list that is none', { owner: { DataType: 'String.Array', StringValue: 'a' } }, false],
  ['text that looks like a list', { owner: text('["a"]') }, false],
  ['a number', { owner: { DataType: 'Number', StringValue: '1' } }, false],
  ['more attributes than asked for', { owner: text('a'), severity: text('x') }, true],
] as const)('a policy for a or b and a message with %s', async (_, attributes, delivered) => {
  await subscribe({ owner: ['a', 'b'] });
  expect(await isDelivered(attributes)).toBe(delivered);
});

test('every key of a policy must match', async () => {
  await subscribe({ owner: ['a'], severity: ['critical', 'warning'] });
  expect(await isDelivered({ owner: text('a'), severity: text('warning') })).toBe(true);
  expect(await isDelivered({ owner: text('a'), severity: text('info') })).toBe(false);
  expect(await isDelivered({ owner: text('a') })).toBe(false);
});

test('a policy is changed and taken away', async () => {
  const SubscriptionArn = await subscribe({ owner: ['a'] });
  const set = (AttributeValue: string) =>
    client.setSubscriptionAttributes({
      ...{ SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue },
    });
  await set('{"owner":["b"]}');
  expect(await isDelivered({ owner: text('a') })).toBe(false);
  expect(await isDelivered({ owner: text('b') })).toBe(true);
  await set('{}');
  expect(await isDelivered()).toBe(true);
});

test('the same address with another policy is refused, without one it is the same subscription', async () => {
  const arn = await subscribe({ owner: ['a'] });
  await expect(subscribe({ owner: ['b'] })).rejects.toThrow('already exists with different');
  expect(await subscribe({ owner: ['a'] })).toBe(arn);
  const { SubscriptionArn } = await client.subscribe({ TopicArn, Protocol: 'email', Endpoint });
  expect(SubscriptionArn).toBe(arn);
});

test.each([
  ['a number', { owner: [1] }],
  ['a prefix', { owner: [{ prefix: 'a' }] }],
  ['a choice', { $or: ['a'] }],
])('a policy with %s is not known here', async (_, policy) => {
  await expect(subscribe(policy)).rejects.toMatchObject({ name: 'NotImplemented' });
});

test('another attribute of a subscription is not known here', async () => {
  const SubscriptionArn = await subscribe({ owner: ['a'] });
  const scope = { AttributeName: 'FilterPolicyScope', AttributeValue: 'MessageBody' };
  await expect(
    client.setSubscriptionAttributes({ SubscriptionArn, ...scope }),
  ).rejects.toMatchObject({ name: 'NotImplemented' });
});
