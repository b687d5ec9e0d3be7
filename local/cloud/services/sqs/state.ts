import type { Clock } from '../../clock.ts';
import { secondMs } from '../../clock.ts';
import { arnOf } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import type { QueueAttributes } from './attributes.ts';
import type { StoredMessage } from './message.ts';

export type SqsState = {
  readonly clock: Clock;
  /** The endpoint of the AWS front: clients go to the host in a queue's URL. */
  readonly endpoint: () => string;
  /** The queues of all accounts and regions by their ARN. */
  readonly queues: Map<string, QueueState>;
};

export type Sent = { readonly id: string; readonly sequenceNumber: string | null };

/** A queue with its messages. The effects of time are computed when somebody looks. */
export type QueueState = {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly fifo: boolean;
  readonly createdAt: Date;
  readonly sqs: SqsState;
  /** What was sent by its deduplication id. */
  readonly sentBefore: Map<string, Sent & { readonly atMs: number }>;
  /** The message of every receipt handle that was ever given. */
  readonly handles: Map<string, StoredMessage>;
  /** Called whenever a message may have become deliverable, except when only time has passed. */
  readonly listeners: (() => void)[];
  attributes: QueueAttributes;
  /** In the order of sending. */
  kept: StoredMessage[];
  sequence: number;
  purgedAtMs: number;
};

export function queueArn(region: string, account: string, name: string): string {
  return arnOf('sqs', { region, account }, name);
}

/** The queue behind a URL, which ends with its account and name. */
export function queueAt(state: SqsState, url: string | undefined, call: Call): QueueState {
  if (!url) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter QueueUrl.');
  }
  const [account = '', name = ''] = url.split('/').slice(-2);
  return existing(state, queueArn(call.region, account, name));
}

export function existing(state: SqsState, arn: string): QueueState {
  const queue = state.queues.get(arn);
  if (queue) return queue;
  throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

export function nowMs(queue: QueueState): number {
  return queue.sqs.clock.now().getTime();
}

/** An attribute in seconds, in milliseconds. */
export function attributeMs(queue: QueueState, name: string): number {
  return Number(queue.attributes[name]) * secondMs;
}

export function isInFlight(queue: QueueState, message: StoredMessage): boolean {
  return message.receiptHandle !== null && message.visibleAtMs > nowMs(queue);
}

export function announce(queue: QueueState): void {
  for (const listener of queue.listeners) listener();
}

/** Drops the messages whose retention period is over. */
export function forgetOld(queue: QueueState): void {
  const oldest = nowMs(queue) - attributeMs(queue, 'MessageRetentionPeriod');
  queue.kept = queue.kept.filter((message) => message.sentAtMs > oldest);
}

export function countsOf(queue: QueueState) {
  forgetOld(queue);
  const inFlight = queue.kept.filter((message) => isInFlight(queue, message)).length;
  const visible = queue.kept.filter((message) => message.visibleAtMs <= nowMs(queue)).length;
  return { visible, inFlight, delayed: queue.kept.length - inFlight - visible };
}

/** A number of a request, if it is within its bounds. */
export function within(parameter: string, value: number, from: number, to: number): number {
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: Must be between ${from} and ${to}, if provided.`,
  );
}

export function visibilityMsOf(seconds: number): number {
  return within('VisibilityTimeout', seconds, 0, 43_200) * secondMs;
}
