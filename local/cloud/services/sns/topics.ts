import type {
  CreateTopicCommandInput,
  CreateTopicResponse,
  DeleteTopicCommandInput,
  GetTopicAttributesCommandInput,
  GetTopicAttributesResponse,
  ListTopicsResponse,
  SetTopicAttributesCommandInput,
} from '@aws-sdk/client-sns';
import { arnOf } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { type SnsState, topicOf } from './state.ts';

/** Attributes without an effect here; others (policies, FIFO, filters) are refused. */
const harmless = ['DisplayName', 'KmsMasterKeyId', 'TracingConfig'];

export function createTopic(
  state: SnsState,
  input: CreateTopicCommandInput,
  call: Call,
): CreateTopicResponse {
  supportOnly('CreateTopic', input, ['Name', 'Attributes', 'Tags']);
  if (!/^[\w-]{1,256}$/.test(input.Name ?? '')) {
    throw new AwsError('InvalidParameterException', 'Invalid parameter: Topic Name');
  }
  const attributes = checked('CreateTopic', input.Attributes ?? {});
  const arn = arnOf('sns', call, input.Name ?? '');
  const existing = state.topics.get(arn);
  if (!existing) {
    const { region, account: owner } = call;
    state.topics.set(arn, { arn, region, owner, attributes, subscriptions: [] });
  } else if (Object.entries(attributes).some(([key, it]) => existing.attributes[key] !== it)) {
    throw new AwsError(
      'InvalidParameterException',
      'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    );
  }
  return { TopicArn: arn };
}

export function deleteTopic(state: SnsState, input: DeleteTopicCommandInput, call: Call): object {
  const arn = input.TopicArn ?? '';
  // Deleting a topic that is gone succeeds, as on AWS.
  if (state.topics.has(arn)) state.topics.delete(topicOf(state, arn, call).arn);
  return {};
}

export function listTopics(state: SnsState, call: Call): ListTopicsResponse {
  const own = [...state.topics.values()].filter(
    ({ owner, region }) => owner === call.account && region === call.region,
  );
  return { Topics: own.map(({ arn }) => ({ TopicArn: arn })) };
}

export function getTopicAttributes(
  state: SnsState,
  { TopicArn }: GetTopicAttributesCommandInput,
  call: Call,
  policyOf: (topicArn: string) => object | null,
): GetTopicAttributesResponse {
  const { arn, attributes, owner, subscriptions } = topicOf(state, TopicArn, call);
  const confirmed = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
  const policy = policyOf(arn);
  return {
    Attributes: {
      ...attributes,
      ...(policy && { Policy: JSON.stringify(policy) }),
      ...{ TopicArn: arn, Owner: owner, SubscriptionsConfirmed: String(confirmed) },
      SubscriptionsPending: String(subscriptions.length - confirmed),
    },
  };
}

export function setTopicAttributes(
  state: SnsState,
  input: SetTopicAttributesCommandInput,
  call: Call,
): object {
  const topic = topicOf(state, input.TopicArn, call);
  const changed = checked('SetTopicAttributes', {
    [input.AttributeName ?? '']: input.AttributeValue ?? '',
  });
  topic.attributes = { ...topic.attributes, ...changed };
  return {};
}

function checked(operation: string, attributes: Record<string, string>): Record<string, string> {
  const foreign = Object.keys(attributes).find((name) => !harmless.includes(name));
  if (foreign === undefined) return attributes;
  throw new AwsError(
    'NotImplemented',
    `local: ${operation} with attribute ${foreign} is not implemented`,
    501,
  );
}
