import { randomUUID } from 'node:crypto';
import type { SendMessageCommandInput, SendMessageResult } from '@aws-sdk/client-sqs';
import { minuteMs, secondMs } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';
import { assertAccepted, deduplicationIdOf, type NewMessage } from './acceptance.ts';
import { assertSendableBody, md5, md5OfAttributes, type StoredMessage } from './message.ts';
import {
  announce,
  attributeMs,
  nowMs,
  type QueueState,
  queueAt,
  type Sent,
  type SqsState,
} from './state.ts';

/** SendMessage: the deduplication interval is 5 minutes and cannot be changed. */
const deduplicationMs = 5 * minuteMs;

export function sendMessage(
  state: SqsState,
  input: SendMessageCommandInput,
  call: Call,
): SendMessageResult {
  const queue = queueAt(state, input.QueueUrl, call);
  if (Object.keys(input.MessageSystemAttributes ?? {}).length > 0) {
    throw notImplemented('SendMessage', 'MessageSystemAttributes');
  }
  const body = input.MessageBody;
  assertSendableBody(body);
  if (input.DelaySeconds !== undefined && (input.DelaySeconds < 0 || input.DelaySeconds > 900)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${input.DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
  const attributes = input.MessageAttributes ?? {};
  const sent = send(queue, {
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

export function send(queue: QueueState, message: NewMessage): Sent {
  const { fifo, attributes } = queue;
  assertAccepted(message, fifo, attributes);
  const deduplicationId = fifo ? deduplicationIdOf(message, attributes) : null;
  const before = deduplicationId === null ? undefined : queue.sentBefore.get(deduplicationId);
  const now = nowMs(queue);
  // SQS drops the second message, and answers success.
  if (before && now - before.atMs < deduplicationMs) return before;
  const sent = { id: randomUUID(), sequenceNumber: nextSequenceNumber(queue) };
  if (deduplicationId !== null) queue.sentBefore.set(deduplicationId, { ...sent, atMs: now });
  const delayMs =
    fifo || message.delaySeconds === undefined
      ? attributeMs(queue, 'DelaySeconds')
      : message.delaySeconds * secondMs;
  keep(queue, {
    id: sent.id,
    body: message.body,
    attributes: message.attributes ?? {},
    groupId: message.groupId ?? null,
    deduplicationId,
    sequenceNumber: sent.sequenceNumber,
    senderId: message.senderId,
    sentAtMs: now,
    deadLetterSourceArn: null,
    visibleAtMs: now + delayMs,
  });
  return sent;
}

/** Accepts a message that another queue abandoned. */
export function takeDeadLetter(queue: QueueState, message: StoredMessage, sourceArn: string): void {
  const { fifo } = queue;
  // The move must not be lost because both queues know the deduplication id, so the message's own id replaces it. The
  // retention time starts again on a FIFO queue only (SQS Developer Guide, "How do message retention periods and
  // dead-letter queues work").
  keep(queue, {
    ...message,
    deduplicationId: fifo ? message.id : null,
    sequenceNumber: nextSequenceNumber(queue),
    sentAtMs: fifo ? nowMs(queue) : message.sentAtMs,
    deadLetterSourceArn: sourceArn,
    visibleAtMs: nowMs(queue),
  });
}

function nextSequenceNumber(queue: QueueState): string | null {
  queue.sequence += 1;
  return queue.fifo ? String(queue.sequence).padStart(20, '0') : null;
}

type Unreceived = Omit<
  StoredMessage,
  'receiveCount' | 'firstReceivedAtMs' | 'lastReceivedAtMs' | 'receiptHandle'
>;

function keep(queue: QueueState, message: Unreceived): void {
  queue.kept.push({
    ...message,
    receiveCount: 0,
    firstReceivedAtMs: null,
    lastReceivedAtMs: null,
    receiptHandle: null,
  });
  announce(queue);
}
