import type * as Sqs from '@aws-sdk/client-sqs';
import { type Clock, secondMs } from '../clock.ts';
import { homeAccount } from '../wire/accounts.ts';
import { arnOf } from '../wire/arn.ts';
import { AwsError, type Call, type Operations } from '../wire/service.ts';
import {
  assertAttributes,
  defaultAttributes,
  type QueueAttributes,
  redriveOf,
} from './sqs/attributes.ts';
import { assertSendableBody, md5, md5OfAttributes } from './sqs/message.ts';
import { type Queue, sqsQueue } from './sqs/queue.ts';
import { queueAttributes, receivedMessage } from './sqs/views.ts';

export type SqsState = {
  readonly operations: Operations;
  /** CreateQueue, for the wiring; returns the queue if it exists. */
  createQueue(region: string, name: string, attributes?: QueueAttributes): Queue;
  queue(region: string, name: string): Queue | null;
  queueByArn(arn: string): Queue | null;
};

/** SQS in memory, per account and region. The effects of time are computed when somebody looks. */
export function sqs(options: {
  readonly clock: Clock;
  /** The endpoint of the AWS front, needed when a queue URL is created: clients go to the host in the URL. */
  readonly endpoint: () => string;
}): SqsState {
  const { clock } = options;
  const queues = new Map<string, Queue>();
  const queueArn = (region: string, account: string, name: string) =>
    arnOf('sqs', { region, account }, name);

  const queueByArn = (arn: string) => queues.get(arn) ?? null;

  function create(region: string, account: string, name: string, given: QueueAttributes): Queue {
    const fifo = assertName(name, given);
    assertAttributes(given, fifo);
    const arn = queueArn(region, account, name);
    assertDeadLetterQueue(arn, fifo, given);
    const there = queues.get(arn);
    if (there) return sameQueue(there, given);
    const attributes = { ...defaultAttributes(), ...given };
    if (fifo) attributes.ContentBasedDeduplication ??= 'false';
    const queue = sqsQueue({ name, arn, region, attributes, clock, queueByArn });
    queues.set(arn, queue);
    return queue;
  }

  function assertDeadLetterQueue(arn: string, fifo: boolean, given: QueueAttributes): void {
    const target = redriveOf(given)?.deadLetterTargetArn;
    if (!target) return;
    const refusal = (reason: string) =>
      new AwsError(
        'InvalidParameterValue',
        `Value ${given.RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
      );
    const deadLetters = queues.get(target);
    if (!deadLetters || target === arn) throw refusal('Dead letter target does not exist.');
    if (deadLetters.fifo !== fifo)
      throw refusal('Dead-letter queue must be same type of queue as the source.');
  }

  function queueAt(url: string | undefined, call: Call): Queue {
    if (!url)
      throw new AwsError('MissingParameter', 'The request must contain the parameter QueueUrl.');
    const [account = '', name = ''] = url.split('/').slice(-2);
    return existing(queues.get(queueArn(call.region, account, name)));
  }

  const urlOf = (queue: Queue) => {
    const [account, name] = queue.arn.split(':').slice(-2);
    return `${options.endpoint()}/${account}/${name}`;
  };

  function send(queue: Queue, input: Omit<Sqs.SendMessageCommandInput, 'QueueUrl'>, call: Call) {
    if (Object.keys(input.MessageSystemAttributes ?? {}).length > 0)
      throw notImplemented('SendMessage', 'MessageSystemAttributes');
    const body = input.MessageBody;
    assertSendableBody(body);
    if (input.DelaySeconds !== undefined && (input.DelaySeconds < 0 || input.DelaySeconds > 900)) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${input.DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
      );
    }
    const attributes = input.MessageAttributes ?? {};
    const sent = queue.send({
      body,
      attributes,
      groupId: input.MessageGroupId,
      deduplicationId: input.MessageDeduplicationId,
      delaySeconds: input.DelaySeconds,
      senderId: call.accessKeyId,
    });
    return {
      MessageId: sent.id,
      MD5OfMessageBody: md5(body),
      MD5OfMessageAttributes: md5OfAttributes(attributes),
      SequenceNumber: sent.sequenceNumber ?? undefined,
    };
  }

  async function receive(input: Sqs.ReceiveMessageCommandInput, call: Call) {
    if (input.ReceiveRequestAttemptId)
      throw notImplemented('ReceiveMessage', 'ReceiveRequestAttemptId');
    const queue = queueAt(input.QueueUrl, call);
    const max = within('MaxNumberOfMessages', input.MaxNumberOfMessages ?? 1, 1, 10);
    const waitSeconds =
      input.WaitTimeSeconds ?? Number(queue.attributes().ReceiveMessageWaitTimeSeconds);
    const untilMs =
      clock.now().getTime() + within('WaitTimeSeconds', waitSeconds, 0, 20) * secondMs;
    const visibility = input.VisibilityTimeout;
    const wanted =
      visibility === undefined ? { max } : { max, visibilityMs: visibilityMsOf(visibility) };
    let messages = queue.receive(wanted);
    while (messages.length === 0 && clock.now().getTime() < untilMs) {
      await clock.sleep(250);
      messages = queue.receive(wanted);
    }
    return messages.length === 0
      ? {}
      : { Messages: messages.map((message) => receivedMessage(message, input)) };
  }

  const operations = {
    CreateQueue(input: Sqs.CreateQueueCommandInput, call: Call) {
      if (Object.keys(input.tags ?? {}).length > 0) throw notImplemented('CreateQueue', 'tags');
      const given = (input.Attributes ?? {}) as QueueAttributes;
      return { QueueUrl: urlOf(create(call.region, call.account, input.QueueName ?? '', given)) };
    },
    DeleteQueue(input: Sqs.DeleteQueueCommandInput, call: Call) {
      queues.delete(queueAt(input.QueueUrl, call).arn);
      return {};
    },
    GetQueueUrl(input: Sqs.GetQueueUrlCommandInput, call: Call) {
      const account = input.QueueOwnerAWSAccountId ?? call.account;
      return {
        QueueUrl: urlOf(
          existing(queues.get(queueArn(call.region, account, input.QueueName ?? ''))),
        ),
      };
    },
    GetQueueAttributes: (input: Sqs.GetQueueAttributesCommandInput, call: Call) =>
      queueAttributes(queueAt(input.QueueUrl, call), input.AttributeNames ?? []),
    SetQueueAttributes(input: Sqs.SetQueueAttributesCommandInput, call: Call) {
      const queue = queueAt(input.QueueUrl, call);
      const given = (input.Attributes ?? {}) as QueueAttributes;
      if ('FifoQueue' in given)
        throw new AwsError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
      assertAttributes(given, queue.fifo);
      assertDeadLetterQueue(queue.arn, queue.fifo, given);
      queue.setAttributes(given);
      return {};
    },
    ListQueues(input: Sqs.ListQueuesCommandInput, call: Call) {
      if (input.MaxResults !== undefined || input.NextToken)
        throw notImplemented('ListQueues', 'MaxResults');
      const here = queueArn(call.region, call.account, input.QueueNamePrefix ?? '');
      const found = [...queues.values()].filter((queue) => queue.arn.startsWith(here));
      return found.length === 0 ? {} : { QueueUrls: found.map(urlOf) };
    },
    SendMessage: (input: Sqs.SendMessageCommandInput, call: Call) =>
      send(queueAt(input.QueueUrl, call), input, call),
    ReceiveMessage: receive,
    DeleteMessage(input: Sqs.DeleteMessageCommandInput, call: Call) {
      queueAt(input.QueueUrl, call).delete(input.ReceiptHandle ?? '');
      return {};
    },
    ChangeMessageVisibility(input: Sqs.ChangeMessageVisibilityCommandInput, call: Call) {
      const visibilityMs = visibilityMsOf(input.VisibilityTimeout ?? -1);
      queueAt(input.QueueUrl, call).changeVisibility(input.ReceiptHandle ?? '', visibilityMs);
      return {};
    },
    PurgeQueue(input: Sqs.PurgeQueueCommandInput, call: Call) {
      queueAt(input.QueueUrl, call).purge();
      return {};
    },
  };

  return {
    operations,
    createQueue: (region, name, attributes = {}) => create(region, homeAccount, name, attributes),
    queueByArn,
    queue: (region, name) => queues.get(queueArn(region, homeAccount, name)) ?? null,
  };
}

function assertName(name: string, given: QueueAttributes): boolean {
  const fifo = given.FifoQueue === 'true';
  if (given.FifoQueue === 'false')
    throw new AwsError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
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

function sameQueue(queue: Queue, given: QueueAttributes): Queue {
  const current = queue.attributes();
  const other = Object.keys(given).find((name) => given[name] !== current[name]);
  if (other === undefined) return queue;
  throw new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${other}`,
  );
}

function existing(queue: Queue | undefined): Queue {
  if (queue) return queue;
  throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

function visibilityMsOf(seconds: number): number {
  return within('VisibilityTimeout', seconds, 0, 43_200) * secondMs;
}

function within(parameter: string, value: number, from: number, to: number): number {
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: Must be between ${from} and ${to}, if provided.`,
  );
}

function notImplemented(operation: string, member: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `local: ${operation} with ${member} is not implemented`,
    501,
  );
}
