import type { Message, ReceiveMessageCommandInput } from '@aws-sdk/client-sqs';
import { AwsError } from '../../wire/service.ts';
import { defaultAttributes } from './attributes.ts';
import { md5, md5OfAttributes, type StoredMessage } from './message.ts';
import { countsOf, type QueueState } from './state.ts';

/** A received message as ReceiveMessage returns it, with the requested attributes only. */
export function receivedMessage(
  message: StoredMessage,
  input: ReceiveMessageCommandInput,
): Message {
  const asked = [
    ...(input.MessageSystemAttributeNames ?? []),
    ...(input.AttributeNames ?? []),
  ] as string[];
  const system = systemAttributes(message);
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) =>
      isAsked(name, input.MessageAttributeNames ?? []),
    ),
  );
  const some = Object.entries(system).filter(
    ([name]) => asked.includes('All') || asked.includes(name),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle ?? undefined,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(some.length > 0 ? { Attributes: Object.fromEntries(some) } : {}),
    ...(Object.keys(attributes).length > 0
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }
      : {}),
  };
}

/** The system attributes of a message; the records that a function receives have the same names. */
export function systemAttributes(message: StoredMessage): Record<string, string> {
  const optional = {
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAtMs),
    SenderId: message.senderId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? message.sentAtMs),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

export function queueAttributes(queue: QueueState, names: readonly string[]) {
  const { visible, inFlight, delayed } = countsOf(queue);
  const createdAt = String(Math.floor(queue.createdAt.getTime() / 1_000));
  const all: Record<string, string> = {
    ...queue.attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: createdAt,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
  const known = [
    ...Object.keys(all),
    ...Object.keys(defaultAttributes()),
    'All',
    'RedrivePolicy',
    'FifoQueue',
    'ContentBasedDeduplication',
  ];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const asked = Object.entries(all).filter(
    ([name]) => names.includes('All') || names.includes(name),
  );
  return asked.length > 0 ? { Attributes: Object.fromEntries(asked) } : {};
}

/** MessageAttributeNames takes whole names, `All`, `.*` and `prefix.*`. */
function isAsked(name: string, asked: readonly string[]): boolean {
  return asked.some(
    (wanted) =>
      wanted === 'All' ||
      wanted === name ||
      (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2))),
  );
}
