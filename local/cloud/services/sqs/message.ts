import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { AwsError } from '../../wire/service.ts';

export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

/** A message as the queue stores it. Times are milliseconds of the queue's clock. */
export type StoredMessage = {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly groupId: string | null;
  readonly deduplicationId: string | null;
  readonly sequenceNumber: string | null;
  readonly senderId: string;
  readonly sentAtMs: number;
  readonly deadLetterSourceArn: string | null;
  visibleAtMs: number;
  receiveCount: number;
  firstReceivedAtMs: number | null;
  lastReceivedAtMs: number | null;
  /** The handle of the latest receive; older handles no longer delete. */
  receiptHandle: string | null;
};

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * The digest of attributes that senders may verify: SQS Developer Guide, "Calculating the MD5 message digest for message
 * attributes".
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const value = attributes[name] as MessageAttributeValue;
    const binary = value.BinaryValue !== undefined;
    const content = binary ? Buffer.from(value.BinaryValue ?? []) : utf8(value.StringValue ?? '');
    for (const part of [utf8(name), utf8(value.DataType ?? '')]) hash.update(withLength(part));
    hash.update(Buffer.of(binary ? 2 : 1)).update(withLength(content));
  }
  return hash.digest('hex');
}

/** The size that counts against the limit: the body, and each attribute's name, type and value. */
export function messageBytes(body: string, attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) =>
      sum +
      Buffer.byteLength(name + (value.DataType ?? '') + (value.StringValue ?? '')) +
      (value.BinaryValue?.byteLength ?? 0),
    Buffer.byteLength(body),
  );
}

/** SendMessage, "A message can include only XML, JSON, and unformatted text": #x9, #xA, #xD, #x20 to #xD7FF, #xE000 and up. */
export function assertSendableBody(body: string | undefined): asserts body is string {
  if (!body) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that SQS refuses
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(body) || !body.isWellFormed()) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
    );
  }
}

function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

function withLength(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}
