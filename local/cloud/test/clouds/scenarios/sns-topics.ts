import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, homeRegion, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

async function topic(cloud: CloudUnderTest) {
  const { sns } = clientsOf(cloud);
  const Name = uniqueName('topic');
  const { TopicArn } = await sns.createTopic({ Name });
  const publish = (change: object) => sns.publish({ TopicArn, Message: 'text', ...change });
  return { sns, Name, TopicArn, publish };
}

/** Subscribes an address with that policy, to a topic of its own. */
async function filtered(cloud: CloudUnderTest, policy: object) {
  const { sns, TopicArn } = await topic(cloud);
  const FilterPolicy = JSON.stringify(policy);
  const Endpoint = 'operator@example.com';
  return sns.subscribe({ TopicArn, Protocol: 'email', Endpoint, Attributes: { FilterPolicy } });
}

const values = (count: number) => Array.from({ length: count }, (_, at) => `value-${at}`);

const json = (bodies: object) => ({ MessageStructure: 'json', Message: JSON.stringify(bodies) });

export const snsTopics: ScenarioGroup = {
  title: 'SNS',
  scenarios: {
    'a topic is named by its ARN, the same when it is created again': async (cloud) => {
      const { sns, Name, TopicArn } = await topic(cloud);
      expect(TopicArn).toBe(`arn:aws:sns:${homeRegion}:${cloud.account}:${Name}`);
      expect((await sns.createTopic({ Name })).TopicArn).toBe(TopicArn);
    },
    'a message is accepted with an id': async (cloud) => {
      const { publish } = await topic(cloud);
      expect((await publish({ Subject: 'Renewed' })).MessageId).toMatch(/^[\w-]{36}$/);
    },
    'a subject of 99 characters is taken, one of 101 refused': async (cloud) => {
      const { publish } = await topic(cloud);
      await publish({ Subject: 'x'.repeat(99) });
      await refused(publish({ Subject: 'x'.repeat(101) }), 'InvalidParameterException');
    },
    'a subject with a line break is refused': async (cloud) => {
      const { publish } = await topic(cloud);
      await refused(publish({ Subject: 'two\nlines' }), 'InvalidParameterException');
    },
    'a subject with letters outside of ASCII is taken': async (cloud) => {
      const { publish } = await topic(cloud);
      expect((await publish({ Subject: 'erneuert für' })).MessageId).toBeDefined();
    },
    'a message of 262,144 bytes is taken, a longer one refused': async (cloud) => {
      const { publish } = await topic(cloud);
      await publish({ Message: 'x'.repeat(262_144) });
      await refused(publish({ Message: 'x'.repeat(262_145) }), 'InvalidParameterException');
    },
    'an empty message is refused': async (cloud) => {
      const { publish } = await topic(cloud);
      await refused(publish({ Message: '' }), 'InvalidParameterException');
    },
    'a message with a body for each protocol is taken': async (cloud) => {
      const { publish } = await topic(cloud);
      const answer = await publish(json({ default: 'text', email: 'longer text' }));
      expect(answer.MessageId).toBeDefined();
    },
    'a message with bodies for protocols must have a default': async (cloud) => {
      const { publish } = await topic(cloud);
      await refused(publish(json({ email: 'text' })), 'InvalidParameterException');
    },
    'a message attribute needs a value': async (cloud) => {
      const { publish } = await topic(cloud);
      const MessageAttributes = { severity: { DataType: 'String', StringValue: '' } };
      await refused(publish({ MessageAttributes }), null);
    },
    'a message with attributes is taken': async (cloud) => {
      const { publish } = await topic(cloud);
      const MessageAttributes = { severity: { DataType: 'String', StringValue: 'info' } };
      expect((await publish({ MessageAttributes })).MessageId).toBeDefined();
    },
    'a topic that is not there is not found': async (cloud) => {
      const { publish, TopicArn } = await topic(cloud);
      await refused(publish({ TopicArn: `${TopicArn}-gone` }), 'NotFoundException');
    },
    'an address waits for its confirmation': async (cloud) => {
      const { sns, TopicArn } = await topic(cloud);
      const Endpoint = 'operator@example.com';
      const answer = await sns.subscribe({ TopicArn, Protocol: 'email', Endpoint });
      expect(answer.SubscriptionArn).toBe('pending confirmation');
    },
    'a subscription that waits is listed as such': async (cloud) => {
      const { sns, TopicArn } = await topic(cloud);
      const Endpoint = 'operator@example.com';
      await sns.subscribe({ TopicArn, Protocol: 'email', Endpoint });
      const { Subscriptions } = await sns.listSubscriptionsByTopic({ TopicArn });
      expect(Subscriptions).toMatchObject([{ Endpoint, SubscriptionArn: 'PendingConfirmation' }]);
    },
    'a filter policy of 150 combinations is taken, one of more refused': async (cloud) => {
      await filtered(cloud, { owner: values(75), severity: values(2) });
      const large = filtered(cloud, { owner: values(76), severity: values(2) });
      await refused(large, 'InvalidParameterException');
    },
    'a filter policy of five keys is taken, one of six refused': async (cloud) => {
      const keys = (count: number) =>
        Object.fromEntries(values(count).map((key) => [key, ['value']]));
      await filtered(cloud, keys(5));
      await refused(filtered(cloud, keys(6)), 'InvalidParameterException');
    },
    'a filter policy on attributes takes lists alone': async (cloud) => {
      await refused(filtered(cloud, { owner: 'value' }), 'InvalidParameterException');
      await refused(filtered(cloud, { owner: { of: ['value'] } }), 'InvalidParameterException');
    },
  },
};
