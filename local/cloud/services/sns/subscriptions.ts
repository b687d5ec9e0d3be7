import type {
  ListSubscriptionsByTopicCommandInput,
  ListSubscriptionsResponse,
  SetSubscriptionAttributesCommandInput,
  SubscribeCommandInput,
  SubscribeResponse,
  UnsubscribeCommandInput,
} from '@aws-sdk/client-sns';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { checkFilterPolicy } from './filter-policy.ts';
import { type SnsState, type Subscription, type Topic, topicOf } from './state.ts';

/** Only people can subscribe here; a queue or function would wait for ever. */
const protocols = ['email', 'sms'];

export function subscribe(
  state: SnsState,
  input: SubscribeCommandInput,
  call: Call,
): SubscribeResponse {
  supportOnly('Subscribe', input, [
    'TopicArn',
    'Protocol',
    'Endpoint',
    'Attributes',
    'ReturnSubscriptionArn',
  ]);
  const topic = topicOf(state, input.TopicArn, call);
  const { Protocol: protocol = '', Endpoint: endpoint = '' } = input;
  if (!protocols.includes(protocol)) {
    throw new AwsError(
      'NotImplemented',
      `local: Subscribe with protocol ${protocol} is not implemented`,
      501,
    );
  }
  if (protocol === 'email' && !/^[^@\s]+@[^@\s]+$/.test(endpoint)) {
    throw new AwsError('InvalidParameterException', 'Invalid parameter: Email address');
  }
  const attributes = Object.entries(input.Attributes ?? {});
  const [filterPolicy = null] = attributes.map(([name, value]) => filterPolicyIn(name, value));
  const existing = topic.subscriptions.find(
    (it) => it.protocol === protocol && it.endpoint === endpoint,
  );
  if (existing && attributes.length > 0 && existing.filterPolicy !== filterPolicy) {
    throw new AwsError(
      'InvalidParameterException',
      'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
    );
  }
  const subscription = existing ?? {
    arn: `${topic.arn}:${crypto.randomUUID()}`,
    protocol,
    endpoint,
    owner: call.account,
    filterPolicy,
    // Phone numbers need no confirmation.
    isConfirmed: protocol === 'sms',
  };
  if (!existing) topic.subscriptions.push(subscription);
  const isShown = subscription.isConfirmed || input.ReturnSubscriptionArn;
  return { SubscriptionArn: isShown ? subscription.arn : 'pending confirmation' };
}

export function setSubscriptionAttributes(
  state: SnsState,
  input: SetSubscriptionAttributesCommandInput,
  call: Call,
): object {
  const { AttributeName: name = '', AttributeValue: value = '{}', SubscriptionArn: arn } = input;
  const topic = topicOf(state, arn?.split(':').slice(0, -1).join(':'), call);
  const subscription = topic.subscriptions.find((each) => each.arn === arn);
  if (!subscription) throw new AwsError('NotFoundException', 'Subscription does not exist', 404);
  subscription.filterPolicy = filterPolicyIn(name, value);
  return {};
}

/** An empty policy filters nothing. */
function filterPolicyIn(name: string, value: string): string | null {
  if (name !== 'FilterPolicy') {
    throw new AwsError(
      'NotImplemented',
      `local: the subscription attribute ${name} is not implemented`,
      501,
    );
  }
  checkFilterPolicy(value);
  return value === '{}' ? null : value;
}

export function unsubscribe(state: SnsState, input: UnsubscribeCommandInput, call: Call): object {
  const topicArn = input.SubscriptionArn?.split(':').slice(0, -1).join(':');
  const topic = topicOf(state, topicArn, call);
  topic.subscriptions = topic.subscriptions.filter(({ arn }) => arn !== input.SubscriptionArn);
  return {};
}

export function listSubscriptions(state: SnsState, call: Call): ListSubscriptionsResponse {
  const own = [...state.topics.values()].filter(
    ({ owner, region }) => owner === call.account && region === call.region,
  );
  return { Subscriptions: own.flatMap((topic) => topic.subscriptions.map(shown(topic))) };
}

export function listSubscriptionsByTopic(
  state: SnsState,
  input: ListSubscriptionsByTopicCommandInput,
  call: Call,
): ListSubscriptionsResponse {
  const topic = topicOf(state, input.TopicArn, call);
  return { Subscriptions: topic.subscriptions.map(shown(topic)) };
}

function shown(topic: Topic) {
  return ({ arn, protocol, endpoint, owner, isConfirmed }: Subscription) => ({
    SubscriptionArn: isConfirmed ? arn : 'PendingConfirmation',
    TopicArn: topic.arn,
    Protocol: protocol,
    Endpoint: endpoint,
    Owner: owner,
  });
}
