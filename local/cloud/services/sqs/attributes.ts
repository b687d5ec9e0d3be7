import { AwsError } from '../../wire/service.ts';

/** Queue attributes in SQS's form: all values are strings. */
export type QueueAttributes = Readonly<Record<string, string>>;

export type Redrive = { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };

type Range = readonly [from: number, to: number, byDefault: number];

/** CreateQueue, "Attributes": the numbers, in seconds except for the size in bytes. */
const ranges: Readonly<Record<string, Range>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1_024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
};

/** Shown only where it was set. A queue with its own key is not encrypted with SQS's. */
const reusePeriod: Range = [60, 86_400, 300];

const booleans = ['ContentBasedDeduplication', 'FifoQueue', 'SqsManagedSseEnabled'];

/** Attributes that SQS knows and that would change the queue's behaviour, so they are refused instead of ignored. */
const notImplemented = [
  'DeduplicationScope',
  'FifoThroughputLimit',
  'Policy',
  'RedriveAllowPolicy',
];

export function defaultAttributes(): QueueAttributes {
  return {
    ...Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, String(range[2])])),
    SqsManagedSseEnabled: 'true',
  };
}

/** Throws SQS's error for the first attribute that it does not accept. */
export function assertAttributes(given: QueueAttributes, fifo: boolean): void {
  for (const [name, value] of Object.entries(given)) assertAttribute(name, value, fifo);
}

function assertAttribute(name: string, value: string, fifo: boolean): void {
  if (notImplemented.includes(name)) {
    throw new AwsError(
      'NotImplemented',
      `local: the queue attribute ${name} is not implemented`,
      501,
    );
  }
  // The key policy decides who may use the key.
  if (name === 'KmsMasterKeyId') return;
  const range = name === 'KmsDataKeyReusePeriodSeconds' ? reusePeriod : ranges[name];
  if (range) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < range[0] || number > range[1]) throw invalid(name);
    return;
  }
  if (name === 'RedrivePolicy') {
    redriveOf({ RedrivePolicy: value });
    return;
  }
  if (!booleans.includes(name) || (name === 'ContentBasedDeduplication' && !fifo)) {
    throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
  if (value !== 'true' && value !== 'false') throw invalid(name);
}

/** An empty RedrivePolicy removes the dead-letter queue. */
export function redriveOf(attributes: QueueAttributes): Redrive | null {
  const text = attributes.RedrivePolicy;
  if (!text) return null;
  const policy = parsed(text);
  const maxReceiveCount = Number(policy.maxReceiveCount);
  const target = policy.deadLetterTargetArn;
  const counts = Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1;
  if (typeof target !== 'string' || !counts || maxReceiveCount > 1_000) {
    throw invalid('RedrivePolicy', text);
  }
  return { deadLetterTargetArn: target, maxReceiveCount };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Malformed JSON gets the same answer as JSON of another form.
  }
  throw invalid('RedrivePolicy', text);
}

function invalid(name: string, value?: string): AwsError {
  const message = value
    ? `Value ${value} for parameter ${name} is invalid. Reason: Invalid value for ${name}.`
    : `Invalid value for the parameter ${name}.`;
  return new AwsError(value ? 'InvalidParameterValue' : 'InvalidAttributeValue', message);
}
