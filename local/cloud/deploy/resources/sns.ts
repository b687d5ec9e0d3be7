import * as z from 'zod';
import { ask } from '../../wire/service.ts';
import { policyDocument, provider } from '../provider.ts';

const topicProperties = z.strictObject({
  TopicName: z.string().optional(),
  DisplayName: z.string().optional(),
  KmsMasterKeyId: z.string().optional(),
});

export const topic = provider<z.output<typeof topicProperties>>({
  properties: topicProperties,
  identity: ['TopicName'],
  put({ TopicName, ...attributes }, { call, cloud, madeName }, before) {
    const Name = TopicName ?? madeName;
    if (!before) {
      const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
      const input = { Name, Attributes: Object.fromEntries(given) };
      const created = ask<{ readonly TopicArn: string }>(cloud.sns, 'CreateTopic', input, call);
      const arn = created.TopicArn;
      return { ref: arn, attributes: { TopicArn: arn, TopicName: Name } };
    }
    for (const AttributeName of ['DisplayName', 'KmsMasterKeyId'] as const) {
      const AttributeValue = attributes[AttributeName] ?? '';
      if (AttributeValue === (before.properties[AttributeName] ?? '')) continue;
      const input = { TopicArn: before.placed.ref, AttributeName, AttributeValue };
      ask(cloud.sns, 'SetTopicAttributes', input, call);
    }
    return before.placed;
  },
  remove({ placed }, { call, cloud }) {
    ask(cloud.sns, 'DeleteTopic', { TopicArn: placed.ref }, call);
    cloud.policies.put(placed.ref, null);
  },
});

const policyProperties = z.strictObject({
  PolicyDocument: policyDocument,
  Topics: z.array(z.string()).min(1),
});

export const topicPolicy = provider<z.output<typeof policyProperties>>({
  properties: policyProperties,
  identity: [],
  put({ PolicyDocument, Topics }, { cloud, madeName }, before) {
    const left = before?.properties.Topics.filter((arn) => !Topics.includes(arn)) ?? [];
    for (const arn of left) cloud.policies.put(arn, null);
    for (const arn of Topics) cloud.policies.put(arn, PolicyDocument);
    return { ref: madeName };
  },
  remove({ properties }, { cloud }) {
    for (const arn of properties.Topics) cloud.policies.put(arn, null);
  },
});

type Subscribed = { readonly SubscriptionArn: string };

const subscriptionProperties = z.strictObject({
  Endpoint: z.string(),
  Protocol: z.string(),
  TopicArn: z.string(),
  FilterPolicy: z.record(z.string(), z.unknown()).optional(),
});

export const subscription = provider<z.output<typeof subscriptionProperties>>({
  properties: subscriptionProperties,
  identity: ['Endpoint', 'Protocol', 'TopicArn'],
  put({ FilterPolicy, ...properties }, { call, cloud }, before) {
    const filterPolicy = JSON.stringify(FilterPolicy ?? {});
    if (before) {
      const SubscriptionArn = before.placed.ref;
      const changed = { AttributeName: 'FilterPolicy', AttributeValue: filterPolicy };
      ask(cloud.sns, 'SetSubscriptionAttributes', { SubscriptionArn, ...changed }, call);
      return before.placed;
    }
    const Attributes = FilterPolicy ? { FilterPolicy: filterPolicy } : {};
    const input = { ...properties, Attributes, ReturnSubscriptionArn: true };
    const { SubscriptionArn } = ask<Subscribed>(cloud.sns, 'Subscribe', input, call);
    return { ref: SubscriptionArn };
  },
  remove({ placed }, { call, cloud }) {
    ask(cloud.sns, 'Unsubscribe', { SubscriptionArn: placed.ref }, call);
  },
});
