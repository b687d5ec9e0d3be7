import type {
  MessageAttributeValue,
  PublishCommandInput,
  PublishResponse,
} from '@aws-sdk/client-sns';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { matches } from './filter-policy.ts';
import { type SnsState, topicOf } from './state.ts';

type PolicyOf = (topicArn: string) => object | null;

const largestMessageBytes = 262_144;

/** "UTF-8 text with no line breaks or control characters, and less than 100 characters long": API_Publish, "Subject". */
const validSubject = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,99}$/u;

export function publish(
  state: SnsState,
  input: PublishCommandInput,
  call: Call,
  policyOf: PolicyOf,
): PublishResponse {
  supportOnly('Publish', input, [
    'TopicArn',
    'Subject',
    'Message',
    'MessageStructure',
    'MessageAttributes',
  ]);
  const topic = topicOf(state, input.TopicArn, publisher(input, call, policyOf));
  if (input.Subject !== undefined && !validSubject.test(input.Subject)) throw invalid('Subject');
  const attributes = attributesOf(input.MessageAttributes ?? {});
  checkSize(input.Message ?? '', attributes);
  const messageId = crypto.randomUUID();
  state.published.push({
    messageId,
    topicArn: topic.arn,
    publishedAt: state.clock.now(),
    subject: input.Subject ?? null,
    message: mailText(input),
    attributes,
    recipients: topic.subscriptions
      .filter(({ filterPolicy, isConfirmed }) => isConfirmed && isTaken(filterPolicy, input))
      .map(({ endpoint }) => endpoint),
  });
  return { MessageId: messageId };
}

/**
 * Where the topic has a policy, IAM has decided by it whether another account may publish. Without one, only the owner may
 * (sns-access-policy-use-cases.html).
 */
function publisher({ TopicArn = '' }: PublishCommandInput, call: Call, policyOf: PolicyOf): Call {
  const [, , , , account = ''] = TopicArn.split(':');
  return policyOf(TopicArn) === null ? call : { ...call, account };
}

function isTaken(
  filterPolicy: string | null,
  { MessageAttributes = {} }: PublishCommandInput,
): boolean {
  return filterPolicy === null || matches(filterPolicy, MessageAttributes);
}

function checkSize(message: string, attributes: Record<string, string>): void {
  if (message === '') throw invalid('Empty message');
  const bytes = [message, ...Object.entries(attributes).flat()].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    0,
  );
  if (bytes > largestMessageBytes) throw invalid('Message too long');
}

/** With `MessageStructure: json`, a message has one body per protocol and must have a default. */
function mailText({ Message: message = '', MessageStructure: structure }: PublishCommandInput) {
  if (structure === undefined) return message;
  if (structure !== 'json') throw invalid('MessageStructure');
  const bodies = parsed(message);
  if (typeof bodies.default !== 'string') {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
  return typeof bodies.email === 'string' ? bodies.email : bodies.default;
}

function parsed(message: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(message));
  } catch (cause) {
    const error = invalid('Message Structure - JSON message body failed to parse');
    error.cause = cause;
    throw error;
  }
}

function attributesOf(given: Record<string, MessageAttributeValue>): Record<string, string> {
  const read = Object.entries(given).map(([name, attribute]) => {
    if (!/^[\w.-]{1,256}$/.test(name) || !attribute.DataType) {
      throw new AwsError(
        'InvalidParameterValueException',
        `The message attribute '${name}' must have a valid name and type.`,
      );
    }
    const { StringValue: text, BinaryValue: bytes } = attribute;
    const value = text ?? (bytes && Buffer.from(bytes).toString('base64'));
    if (!value) {
      throw new AwsError(
        'InvalidParameterValueException',
        `The message attribute '${name}' must contain non-empty message attribute value.`,
      );
    }
    return [name, value] as const;
  });
  return Object.fromEntries(read);
}

function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);
}
