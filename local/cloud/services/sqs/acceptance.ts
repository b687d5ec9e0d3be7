import { createHash } from 'node:crypto';
import { AwsError } from '../../wire/service.ts';
import type { QueueAttributes } from './attributes.ts';
import { type MessageAttributes, messageBytes } from './message.ts';

export type NewMessage = {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly delaySeconds?: number | undefined;
  readonly senderId: string;
};

/** Throws SQS's error for a message that this queue does not accept. */
export function assertAccepted(
  message: NewMessage,
  fifo: boolean,
  attributes: QueueAttributes,
): void {
  if (fifo && !message.groupId) {
    throw new AwsError(
      'MissingParameter',
      'The request must contain the parameter MessageGroupId.',
    );
  }
  if (!fifo && message.deduplicationId) {
    throw notForThisType('MessageDeduplicationId', message.deduplicationId);
  }
  assertId('MessageGroupId', message.groupId);
  assertId('MessageDeduplicationId', message.deduplicationId);
  // A delay of 0 is accepted and the queue's own delay applies, as observed on AWS (localstack pull requests 6633 and
  // 12941).
  if (fifo && message.delaySeconds)
    throw notForThisType('DelaySeconds', String(message.delaySeconds));
  const limit = Number(attributes.MaximumMessageSize);
  if (messageBytes(message.body, message.attributes ?? {}) > limit) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
    );
  }
}

/** On a FIFO queue, the sender's id or, where the queue says so, the digest of the body. */
export function deduplicationIdOf(message: NewMessage, attributes: QueueAttributes): string {
  if (message.deduplicationId) return message.deduplicationId;
  if (attributes.ContentBasedDeduplication === 'true') {
    return createHash('sha256').update(message.body).digest('hex');
  }
  throw new AwsError(
    'InvalidParameterValue',
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
}

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html: both ids have at most 128
 * characters, alphanumeric or one of !"#$%&'()*+,-./:;<=>?@[\]^_`{|}~. The message is AWS's, seen in localstack #9680.
 */
function assertId(parameter: string, id: string | undefined): void {
  if (id === undefined || /^[!-~]{1,128}$/.test(id)) return;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${id} for parameter ${parameter} is invalid. Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

function notForThisType(parameter: string, value: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: The request include parameter that is not valid for this queue type.`,
  );
}
