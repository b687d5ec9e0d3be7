import type {
  CreateQueueCommandInput,
  DeleteQueueCommandInput,
  GetQueueAttributesCommandInput,
  GetQueueUrlCommandInput,
  ListQueuesCommandInput,
  PurgeQueueCommandInput,
  SetQueueAttributesCommandInput,
} from '@aws-sdk/client-sqs';
import { minuteMs } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';
import {
  assertAttributes,
  defaultAttributes,
  type QueueAttributes,
  redriveOf,
} from './attributes.ts';
import { existing, nowMs, type QueueState, queueArn, queueAt, type SqsState } from './state.ts';
import { queueAttributes } from './views.ts';

export function createQueue(state: SqsState, input: CreateQueueCommandInput, call: Call) {
  if (Object.keys(input.tags ?? {}).length > 0) throw notImplemented('CreateQueue', 'tags');
  const given = (input.Attributes ?? {}) as QueueAttributes;
  return { QueueUrl: urlOf(state, create(state, call, input.QueueName ?? '', given)) };
}

/** Returns the queue if it exists with these attributes. */
export function create(
  state: SqsState,
  { region, account }: Pick<Call, 'region' | 'account'>,
  name: string,
  given: QueueAttributes,
): QueueState {
  const fifo = assertName(name, given);
  assertAttributes(given, fifo);
  const arn = queueArn(region, account, name);
  assertDeadLetterQueue(state, arn, fifo, given);
  const there = state.queues.get(arn);
  if (there) return sameQueue(there, given);
  const attributes = { ...defaultAttributes(), ...given };
  if (fifo) attributes.ContentBasedDeduplication ??= 'false';
  const queue: QueueState = {
    name,
    arn,
    region,
    fifo,
    createdAt: state.clock.now(),
    sqs: state,
    sentBefore: new Map(),
    handles: new Map(),
    listeners: [],
    attributes,
    kept: [],
    sequence: 0,
    purgedAtMs: Number.NEGATIVE_INFINITY,
  };
  state.queues.set(arn, queue);
  return queue;
}

function assertName(name: string, given: QueueAttributes): boolean {
  const fifo = given.FifoQueue === 'true';
  if (given.FifoQueue === 'false') {
    throw new AwsError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
  }
  const rule = 'alphanumeric characters, hyphens, or underscores';
  if (fifo && !/^[\w-]{1,75}\.fifo$/.test(name)) {
    throw new AwsError(
      'InvalidParameterValue',
      `The name of a FIFO queue can only include ${rule}, must end with .fifo suffix and be 1 to 80 in length.`,
    );
  }
  if (!fifo && !/^[\w-]{1,80}$/.test(name)) {
    throw new AwsError('InvalidParameterValue', `Can only include ${rule}. 1 to 80 in length`);
  }
  return fifo;
}

function assertDeadLetterQueue(
  state: SqsState,
  arn: string,
  fifo: boolean,
  given: QueueAttributes,
): void {
  const target = redriveOf(given)?.deadLetterTargetArn;
  if (!target) return;
  const refusal = (reason: string) =>
    new AwsError(
      'InvalidParameterValue',
      `Value ${given.RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  const deadLetters = state.queues.get(target);
  if (!deadLetters || target === arn) throw refusal('Dead letter target does not exist.');
  if (deadLetters.fifo === fifo) return;
  throw refusal('Dead-letter queue must be same type of queue as the source.');
}

function sameQueue(queue: QueueState, given: QueueAttributes): QueueState {
  const other = Object.keys(given).find((name) => given[name] !== queue.attributes[name]);
  if (other === undefined) return queue;
  throw new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${other}`,
  );
}

export function deleteQueue(state: SqsState, input: DeleteQueueCommandInput, call: Call) {
  state.queues.delete(queueAt(state, input.QueueUrl, call).arn);
  return {};
}

export function getQueueUrl(state: SqsState, input: GetQueueUrlCommandInput, call: Call) {
  const account = input.QueueOwnerAWSAccountId ?? call.account;
  const arn = queueArn(call.region, account, input.QueueName ?? '');
  return { QueueUrl: urlOf(state, existing(state, arn)) };
}

export function listQueues(state: SqsState, input: ListQueuesCommandInput, call: Call) {
  if (input.MaxResults !== undefined || input.NextToken) {
    throw notImplemented('ListQueues', 'MaxResults');
  }
  const here = queueArn(call.region, call.account, input.QueueNamePrefix ?? '');
  const found = [...state.queues.values()].filter(({ arn }) => arn.startsWith(here));
  return found.length === 0 ? {} : { QueueUrls: found.map((queue) => urlOf(state, queue)) };
}

function urlOf(state: SqsState, { arn }: QueueState): string {
  const [account, name] = arn.split(':').slice(-2);
  return `${state.endpoint()}/${account}/${name}`;
}

export function getQueueAttributes(
  state: SqsState,
  input: GetQueueAttributesCommandInput,
  call: Call,
) {
  return queueAttributes(queueAt(state, input.QueueUrl, call), input.AttributeNames ?? []);
}

export function setQueueAttributes(
  state: SqsState,
  input: SetQueueAttributesCommandInput,
  call: Call,
) {
  const queue = queueAt(state, input.QueueUrl, call);
  const given = (input.Attributes ?? {}) as QueueAttributes;
  if ('FifoQueue' in given) {
    throw new AwsError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
  }
  assertAttributes(given, queue.fifo);
  assertDeadLetterQueue(state, queue.arn, queue.fifo, given);
  queue.attributes = { ...queue.attributes, ...given };
  return {};
}

export function purgeQueue(state: SqsState, input: PurgeQueueCommandInput, call: Call) {
  const queue = queueAt(state, input.QueueUrl, call);
  if (nowMs(queue) - queue.purgedAtMs < minuteMs) {
    throw new AwsError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      403,
    );
  }
  queue.purgedAtMs = nowMs(queue);
  queue.kept = [];
  return {};
}
