import { randomUUID } from 'node:crypto';
import type {
  ChangeMessageVisibilityCommandInput,
  DeleteMessageCommandInput,
  ReceiveMessageCommandInput,
  ReceiveMessageResult,
} from '@aws-sdk/client-sqs';
import { secondMs } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';
import { redriveOf } from './attributes.ts';
import type { StoredMessage } from './message.ts';
import { takeDeadLetter } from './sending.ts';
import {
  announce,
  attributeMs,
  forgetOld,
  isInFlight,
  nowMs,
  type QueueState,
  queueAt,
  type SqsState,
  visibilityMsOf,
  within,
} from './state.ts';
import { receivedMessage } from './views.ts';

/** ChangeMessageVisibility: at most 12 hours from the receive, whatever the request says. */
const longestVisibilityMs = 43_200 * secondMs;

const lookEveryMs = 250;

export async function receiveMessage(
  state: SqsState,
  input: ReceiveMessageCommandInput,
  call: Call,
): Promise<ReceiveMessageResult> {
  if (input.ReceiveRequestAttemptId) {
    throw notImplemented('ReceiveMessage', 'ReceiveRequestAttemptId');
  }
  const queue = queueAt(state, input.QueueUrl, call);
  const max = within('MaxNumberOfMessages', input.MaxNumberOfMessages ?? 1, 1, 10);
  const waitSeconds =
    input.WaitTimeSeconds ?? Number(queue.attributes.ReceiveMessageWaitTimeSeconds);
  const untilMs = nowMs(queue) + within('WaitTimeSeconds', waitSeconds, 0, 20) * secondMs;
  const visibility = input.VisibilityTimeout;
  const wanted =
    visibility === undefined ? { max } : { max, visibilityMs: visibilityMsOf(visibility) };
  let messages = receive(queue, wanted);
  while (messages.length === 0 && nowMs(queue) < untilMs) {
    await state.clock.sleep(lookEveryMs);
    messages = receive(queue, wanted);
  }
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => receivedMessage(message, input)) };
}

export type Wanted = { readonly max: number; readonly visibilityMs?: number };

/** Up to `max` messages in order. Messages received too often go to the dead-letter queue instead. */
export function receive(queue: QueueState, { max, visibilityMs }: Wanted): StoredMessage[] {
  forgetOld(queue);
  const { fifo } = queue;
  const now = nowMs(queue);
  const received: StoredMessage[] = [];
  // A group with a message in flight or not yet due is blocked: FIFO order within the group.
  const closed = new Set(
    queue.kept
      .filter((message) => fifo && isInFlight(queue, message))
      .map((message) => message.groupId),
  );
  for (const message of queue.kept) {
    if (received.length === max) break;
    if (fifo && closed.has(message.groupId)) continue;
    if (message.visibleAtMs > now) {
      if (fifo) closed.add(message.groupId);
      continue;
    }
    if (giveUpOn(queue, message)) continue;
    received.push(handOut(queue, message, visibilityMs ?? attributeMs(queue, 'VisibilityTimeout')));
  }
  return received;
}

function giveUpOn(queue: QueueState, message: StoredMessage): boolean {
  const redrive = redriveOf(queue.attributes);
  if (!redrive || message.receiveCount < redrive.maxReceiveCount) return false;
  const deadLetters = queue.sqs.queues.get(redrive.deadLetterTargetArn);
  if (!deadLetters) return false;
  queue.kept = queue.kept.filter((other) => other !== message);
  takeDeadLetter(deadLetters, message, queue.arn);
  return true;
}

function handOut(queue: QueueState, message: StoredMessage, visibilityMs: number): StoredMessage {
  const now = nowMs(queue);
  message.receiveCount += 1;
  message.firstReceivedAtMs ??= now;
  message.lastReceivedAtMs = now;
  message.visibleAtMs = now + visibilityMs;
  message.receiptHandle = Buffer.from(
    `${message.id} ${message.receiveCount} ${randomUUID()}`,
  ).toString('base64');
  queue.handles.set(message.receiptHandle, message);
  return { ...message };
}

export function deleteMessage(state: SqsState, input: DeleteMessageCommandInput, call: Call) {
  remove(queueAt(state, input.QueueUrl, call), input.ReceiptHandle ?? '');
  return {};
}

/** Throws when the handle is unknown or, on a FIFO queue, no longer the one in flight. */
export function remove(queue: QueueState, receiptHandle: string): void {
  const message = held(queue, receiptHandle);
  if (!message) return;
  const latest = message.receiptHandle === receiptHandle;
  if (queue.fifo && !(latest && isInFlight(queue, message))) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
  }
  // On a standard queue an older handle "succeeds, but the message will not be deleted" (DeleteMessage).
  if (!latest) return;
  queue.kept = queue.kept.filter((other) => other !== message);
  announce(queue);
}

export function changeMessageVisibility(
  state: SqsState,
  input: ChangeMessageVisibilityCommandInput,
  call: Call,
) {
  const visibilityMs = visibilityMsOf(input.VisibilityTimeout ?? -1);
  const queue = queueAt(state, input.QueueUrl, call);
  changeVisibility(queue, input.ReceiptHandle ?? '', visibilityMs);
  return {};
}

export function changeVisibility(
  queue: QueueState,
  receiptHandle: string,
  visibilityMs: number,
): void {
  const message = held(queue, receiptHandle);
  if (!message || message.receiptHandle !== receiptHandle || !isInFlight(queue, message)) {
    throw new AwsError('MessageNotInflight', `The message referred to isn't in flight.`);
  }
  const visibleAtMs = nowMs(queue) + visibilityMs;
  if (visibleAtMs - (message.lastReceivedAtMs ?? 0) > longestVisibilityMs) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${visibilityMs / secondMs} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
    );
  }
  message.visibleAtMs = visibleAtMs;
  announce(queue);
}

/** The message of a receipt handle; null where it is gone. */
function held(queue: QueueState, receiptHandle: string): StoredMessage | null {
  const message = queue.handles.get(receiptHandle);
  if (!message) {
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
    );
  }
  forgetOld(queue);
  return queue.kept.includes(message) ? message : null;
}
