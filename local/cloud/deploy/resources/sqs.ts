import * as z from 'zod';
import { defaultAttributes, type QueueAttributes } from '../../services/sqs/attributes.ts';
import { arnOf } from '../../wire/arn.ts';
import { ask, type Call } from '../../wire/service.ts';
import { policyDocument, provider } from '../provider.ts';

const queueProperties = z.strictObject({
  QueueName: z.string().optional(),
  FifoQueue: z.literal(true).optional(),
  ContentBasedDeduplication: z.boolean().optional(),
  DelaySeconds: z.number().optional(),
  KmsMasterKeyId: z.string().optional(),
  KmsDataKeyReusePeriodSeconds: z.number().optional(),
  MaximumMessageSize: z.number().optional(),
  MessageRetentionPeriod: z.number().optional(),
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })
    .optional(),
  SqsManagedSseEnabled: z.boolean().optional(),
  VisibilityTimeout: z.number().optional(),
});

export const queue = provider<z.output<typeof queueProperties>>({
  properties: queueProperties,
  identity: ['QueueName', 'FifoQueue'],
  put({ QueueName, FifoQueue, ...settings }, { call, cloud, madeName }, before) {
    const name = QueueName ?? (FifoQueue ? `${madeName}.fifo` : madeName);
    const attributes = texts(settings);
    if (!before) {
      const Attributes = { ...attributes, ...(FifoQueue && { FifoQueue: 'true' }) };
      const input = { QueueName: name, Attributes };
      const { QueueUrl } = ask<Created>(cloud.sqs, 'CreateQueue', input, call);
      const made = placed(QueueUrl, name, call);
      cloud.iam.useKey(made.attributes.Arn, settings.KmsMasterKeyId ?? null);
      return made;
    }
    const removed = Object.keys(texts(before.properties)).filter((key) => !(key in attributes));
    const defaults = defaultAttributes();
    const reset = Object.fromEntries(removed.map((key) => [key, defaults[key] ?? '']));
    const { FifoQueue: _, QueueName: __, ...changed } = { ...reset, ...attributes } as Settings;
    const input = { QueueUrl: before.placed.ref, Attributes: changed };
    ask(cloud.sqs, 'SetQueueAttributes', input, call);
    cloud.iam.useKey(before.placed.attributes?.Arn ?? '', settings.KmsMasterKeyId ?? null);
    return before.placed;
  },
  remove({ placed }, { call, cloud }) {
    ask(cloud.sqs, 'DeleteQueue', { QueueUrl: placed.ref }, call);
    cloud.policies.put(placed.attributes?.Arn ?? '', null);
  },
});

type Created = { readonly QueueUrl: string };
type Settings = Record<string, string>;

/** All attributes of a queue are strings. */
function texts(properties: object): QueueAttributes {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

function placed(url: string, name: string, call: Call) {
  const Arn = arnOf('sqs', call, name);
  return { ref: url, attributes: { Arn, QueueName: name, QueueUrl: url } };
}

const policyProperties = z.strictObject({
  PolicyDocument: policyDocument,
  Queues: z.array(z.string()).min(1),
});

export const queuePolicy = provider<z.output<typeof policyProperties>>({
  properties: policyProperties,
  identity: [],
  put({ PolicyDocument, Queues }, { call, cloud, madeName }, before) {
    const left = before?.properties.Queues.filter((url) => !Queues.includes(url)) ?? [];
    for (const url of left) cloud.policies.put(queueArn(url, call), null);
    for (const url of Queues) cloud.policies.put(queueArn(url, call), PolicyDocument);
    return { ref: madeName };
  },
  remove({ properties }, { call, cloud }) {
    for (const url of properties.Queues) cloud.policies.put(queueArn(url, call), null);
  },
});

/** A queue's URL ends with its account and name. */
function queueArn(url: string, { region }: Call): string {
  const [account = '', name = ''] = url.split('/').slice(-2);
  return arnOf('sqs', { region, account }, name);
}
