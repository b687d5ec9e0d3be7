import * as snsModule from '@aws-sdk/client-sns';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { type Sns, sns } from 'local-cloud/services/sns/service.ts';
import { type LocalFront, localFront } from 'local-cloud/test/wire/local-front.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { serviceOf } from 'local-cloud/wire/service-of.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snsTopicWatch } from '#shared/adapters/sns-topic-watch.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

const region = 'us-east-1';
const owner = '000000000000';
const arnOf = ({ name }: { readonly name: string }) => `arn:aws:sns:${region}:${owner}:${name}`;
const of = { region, addresses: [] as readonly string[] };
const watch = { ...of, name: 'certkeep-watch', publishers: ['cloudwatch.amazonaws.com'] };

let policy: object | null = null;
let service: Sns;
let front: LocalFront;
let client: SNSClient;
beforeAll(async () => {
  service = sns({ clock: virtualClock(), policyOf: () => policy });
  front = await localFront([serviceOf('sns', snsModule, SNSClient, service.operations)]);
  client = new SNSClient(localClientOptions(front));
  for (const Name of ['certkeep-watch', 'certkeep-alerts']) {
    const { TopicArn } = await client.send(new CreateTopicCommand({ Name }));
    for (const Endpoint of ['a@certkeep.dev', 'b@certkeep.dev']) {
      await client.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));
    }
  }
  service.confirm('a@certkeep.dev');
});
afterAll(async () => {
  client.destroy();
  await front.close();
});

const audienceOf = (topic: typeof watch) => snsTopicWatch({ clientIn: () => client, arnOf })(topic);

function allowing(principal: object | string, change: object = {}): object {
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sns:Publish' };
  return { Version: '2012-10-17', Statement: [{ ...statement, Resource: '*', ...change }] };
}

const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
const everybody = { AWS: '*' };
/** SNS gives it to a new topic. */
const ofOwner = { Condition: { StringEquals: { 'AWS:SourceOwner': owner } } };

test.each<[string, boolean, object | null]>([
  ['names CloudWatch', false, allowing(cloudWatch)],
  [
    'names CloudWatch among others',
    false,
    allowing({ Service: ['events.amazonaws.com', 'cloudwatch.amazonaws.com'] }),
  ],
  ['allows it among other actions', false, allowing(cloudWatch, { Action: ['SNS:Publish'] })],
  ['is the one of a new topic', false, allowing(everybody, ofOwner)],
  [
    'allows the owner of something else',
    true,
    allowing(everybody, { Condition: { StringEquals: { 'AWS:SourceOwner': '111111111111' } } }),
  ],
  ['names another service', true, allowing({ Service: 'events.amazonaws.com' })],
  ['allows CloudWatch something else', true, allowing(cloudWatch, { Action: 'sns:Subscribe' })],
  ['denies it', true, allowing(cloudWatch, { Effect: 'Deny' })],
  ['has no statement', true, { Version: '2012-10-17' }],
  ['is missing', true, null],
])('where the policy %s, a topic of alarms is closed: %j', async (_, isClosed, its) => {
  policy = its;
  expect(await audienceOf(watch)).toMatchObject({ confirmed: 1, pending: 1, isClosed });
});

test('every service that is to publish has to be let', async () => {
  policy = allowing(cloudWatch);
  const both = { ...watch, publishers: [...watch.publishers, 'events.amazonaws.com'] };
  expect(await audienceOf(both)).toMatchObject({ isClosed: true });
  policy = allowing({ Service: both.publishers });
  expect(await audienceOf(both)).toMatchObject({ isClosed: false });
  policy = allowing(everybody, ofOwner);
  expect(await audienceOf(both)).toMatchObject({ isClosed: true });
});

test('no policy has to let anybody publish to another topic', async () => {
  policy = null;
  const alerts = { ...of, name: 'certkeep-alerts', publishers: [] };
  const open = { confirmed: 1, pending: 1, isClosed: false };
  expect(await audienceOf(alerts)).toEqual({ ...open, unconfirmed: [] });
});

test('addresses that have not confirmed are named, and those that nobody has subscribed', async () => {
  const addresses = ['A@certkeep.dev', 'b@certkeep.dev', 'c@certkeep.dev'];
  const alerts = { ...of, name: 'certkeep-alerts', publishers: [], addresses };
  expect((await audienceOf(alerts)).unconfirmed).toEqual(['b@certkeep.dev', 'c@certkeep.dev']);
});

test('a topic that is gone is an error of SNS', async () => {
  const gone = { ...watch, name: 'certkeep-gone' };
  await expect(audienceOf(gone)).rejects.toThrow(/SNS: ListSubscriptionsByTopic certkeep-gone/);
});
