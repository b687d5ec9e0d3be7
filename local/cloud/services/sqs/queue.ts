import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { minuteMs, secondMs } from '../../clock.ts';
import { AwsError } from '../../wire/service.ts';
import { assertAccepted, deduplicationIdOf, type NewMessage } from './acceptance.ts';
import { type QueueAttributes, redriveOf } from './attributes.ts';
import type { StoredMessage } from './message.ts';

type Sent = { readonly id: string; readonly sequenceNumber: string | null };

export type Queue = {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly fifo: boolean;
  readonly createdAt: Date;
  /** SetQueueAttributes; the caller has checked them. */
  setAttributes(given: QueueAttributes): void;
  attributes(): QueueAttributes;
  send(message: NewMessage): Sent;
  /** Returns up to `max` messages in order. Messages received too often go to the dead-letter queue instead. */
  receive(options: { readonly max: number; readonly visibilityMs?: number }): StoredMessage[];
  /** Throws an `AwsError` when the handle is unknown or, on a FIFO queue, no longer the one in flight. */
  delete(receiptHandle: string): void;
  changeVisibility(receiptHandle: string, visibilityMs: number): void;
  purge(): void;
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number };
  messages(): readonly Readonly<StoredMessage>[];
  /** Calls the listener whenever a message may have become deliverable, except when only time has passed. */
  onArrival(listener: () => void): void;
  /** Accepts a message that another queue abandoned. */
  takeDeadLetter(message: StoredMessage, sourceArn: string): void;
};

/** SendMessage: the deduplication interval is 5 minutes and cannot be changed. */
const deduplicationMs = 5 * minuteMs;
/** ChangeMessageVisibility: at most 12 hours from the receive, whatever the request says. */
const longestVisibilityMs = 43_200 * secondMs;

export function sqsQueue(options: {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly attributes: QueueAttributes;
  readonly clock: Clock;
  /** Finds the dead-letter queue when it is needed. */
  readonly queueByArn: (arn: string) => Queue | null;
}): Queue {
  const { arn, clock } = options;
  const fifo = options.name.endsWith('.fifo');
  const sentBefore = new Map<string, Sent & { readonly atMs: number }>();
  const handles = new Map<string, StoredMessage>();
  const listeners: (() => void)[] = [];
  let attributes = options.attributes;
  let kept: StoredMessage[] = [];
  let sequence = 0;
  let purgedAtMs = Number.NEGATIVE_INFINITY;

  const nowMs = () => clock.now().getTime();
  const seconds = (name: string) => Number(attributes[name]) * secondMs;
  const inFlight = (message: StoredMessage) =>
    message.receiptHandle !== null && message.visibleAtMs > nowMs();

  function announce(): void {
    for (const listener of listeners) listener();
  }

  function forgetOld(): void {
    const oldest = nowMs() - seconds('MessageRetentionPeriod');
    kept = kept.filter((message) => message.sentAtMs > oldest);
  }

  function keep(
    message: Omit<
      StoredMessage,
      'receiveCount' | 'firstReceivedAtMs' | 'lastReceivedAtMs' | 'receiptHandle'
    >,
  ): void {
    kept.push({
      ...message,
      receiveCount: 0,
      firstReceivedAtMs: null,
      lastReceivedAtMs: null,
      receiptHandle: null,
    });
    announce();
  }

  function nextSequenceNumber(): string | null {
    sequence += 1;
    return fifo ? String(sequence).padStart(20, '0') : null;
  }

  function send(message: NewMessage): Sent {
    assertAccepted(message, fifo, attributes);
    const deduplicationId = fifo ? deduplicationIdOf(message, attributes) : null;
    const before = deduplicationId === null ? undefined : sentBefore.get(deduplicationId);
    // SQS drops the second message, and answers success.
    if (before && nowMs() - before.atMs < deduplicationMs) return before;
    const sent = { id: randomUUID(), sequenceNumber: nextSequenceNumber() };
    if (deduplicationId !== null) sentBefore.set(deduplicationId, { ...sent, atMs: nowMs() });
    const delayMs =
      fifo || message.delaySeconds === undefined
        ? seconds('DelaySeconds')
        : message.delaySeconds * secondMs;
    keep({
      id: sent.id,
      body: message.body,
      attributes: message.attributes ?? {},
      groupId: message.groupId ?? null,
      deduplicationId,
      sequenceNumber: sent.sequenceNumber,
      senderId: message.senderId,
      sentAtMs: nowMs(),
      deadLetterSourceArn: null,
      visibleAtMs: nowMs() + delayMs,
    });
    return sent;
  }

  function receive({
    max,
    visibilityMs = seconds('VisibilityTimeout'),
  }: {
    max: number;
    visibilityMs?: number;
  }): StoredMessage[] {
    forgetOld();
    const now = nowMs();
    const received: StoredMessage[] = [];
    // A group with a message in flight or not yet due is blocked: FIFO order within the group.
    const closed = new Set(
      kept.filter((message) => fifo && inFlight(message)).map((message) => message.groupId),
    );
    for (const message of kept) {
      if (received.length === max) break;
      if (fifo && closed.has(message.groupId)) continue;
      if (message.visibleAtMs > now) {
        if (fifo) closed.add(message.groupId);
        continue;
      }
      if (!giveUpOn(message)) received.push(handOut(message, visibilityMs));
    }
    return received;
  }

  function handOut(message: StoredMessage, visibilityMs: number): StoredMessage {
    message.receiveCount += 1;
    message.firstReceivedAtMs ??= nowMs();
    message.lastReceivedAtMs = nowMs();
    message.visibleAtMs = nowMs() + visibilityMs;
    message.receiptHandle = Buffer.from(
      `${message.id} ${message.receiveCount} ${randomUUID()}`,
    ).toString('base64');
    handles.set(message.receiptHandle, message);
    return { ...message };
  }

  function giveUpOn(message: StoredMessage): boolean {
    const redrive = redriveOf(attributes);
    if (!redrive || message.receiveCount < redrive.maxReceiveCount) return false;
    const deadLetters = options.queueByArn(redrive.deadLetterTargetArn);
    if (!deadLetters) return false;
    kept = kept.filter((other) => other !== message);
    deadLetters.takeDeadLetter(message, arn);
    return true;
  }

  function held(receiptHandle: string): StoredMessage | null {
    const message = handles.get(receiptHandle);
    if (!message) {
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
      );
    }
    forgetOld();
    return kept.includes(message) ? message : null;
  }

  function remove(receiptHandle: string): void {
    const message = held(receiptHandle);
    if (!message) return;
    const latest = message.receiptHandle === receiptHandle;
    if (fifo && !(latest && inFlight(message))) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
      );
    }
    // On a standard queue an older handle "succeeds, but the message will not be deleted" (DeleteMessage).
    if (!latest) return;
    kept = kept.filter((other) => other !== message);
    announce();
  }

  function changeVisibility(receiptHandle: string, visibilityMs: number): void {
    const message = held(receiptHandle);
    if (!message || message.receiptHandle !== receiptHandle || !inFlight(message)) {
      throw new AwsError('MessageNotInflight', `The message referred to isn't in flight.`);
    }
    const visibleAtMs = nowMs() + visibilityMs;
    if (visibleAtMs - (message.lastReceivedAtMs ?? 0) > longestVisibilityMs) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${visibilityMs / secondMs} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
      );
    }
    message.visibleAtMs = visibleAtMs;
    announce();
  }

  return {
    name: options.name,
    arn,
    region: options.region,
    fifo,
    createdAt: clock.now(),
    setAttributes: (given) => {
      attributes = { ...attributes, ...given };
    },
    attributes: () => attributes,
    send,
    receive,
    delete: remove,
    changeVisibility,
    purge() {
      if (nowMs() - purgedAtMs < minuteMs) {
        throw new AwsError(
          'PurgeQueueInProgress',
          `Only one PurgeQueue operation on ${options.name} is allowed every 60 seconds.`,
          403,
        );
      }
      purgedAtMs = nowMs();
      kept = [];
    },
    counts() {
      forgetOld();
      const flying = kept.filter(inFlight).length;
      const visible = kept.filter((message) => message.visibleAtMs <= nowMs()).length;
      return { visible, inFlight: flying, delayed: kept.length - flying - visible };
    },
    messages: () => kept,
    onArrival: (listener) => void listeners.push(listener),
    takeDeadLetter(message, sourceArn) {
      // The move must not be lost because both queues know the deduplication id, so the message's own id replaces it. The
      // retention time starts again on a FIFO queue only (SQS Developer Guide, "How do message retention periods and
      // dead-letter queues work").
      keep({
        ...message,
        deduplicationId: fifo ? message.id : null,
        sequenceNumber: nextSequenceNumber(),
        sentAtMs: fifo ? nowMs() : message.sentAtMs,
        deadLetterSourceArn: sourceArn,
        visibleAtMs: nowMs(),
      });
    },
  };
}
