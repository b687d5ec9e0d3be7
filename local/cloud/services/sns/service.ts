import * as module from '@aws-sdk/client-sns';
import type { Clock } from '../../clock.ts';
import type { Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { publish } from './publish.ts';
import type { PublishedMessage, SnsState } from './state.ts';
import {
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  subscribe,
  unsubscribe,
} from './subscriptions.ts';
import {
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listTopics,
  setTopicAttributes,
} from './topics.ts';

export type Sns = {
  readonly operations: Operations;
  /** All messages of all topics, in the order of arrival. */
  published(): readonly PublishedMessage[];
  /** A topic's encryption key, as its attribute names it. */
  keyIdOf(topicArn: string): string | null;
  /** Follows the link in every confirmation mail to that address. */
  confirm(endpoint: string): void;
};

export function sns({
  clock,
  policyOf = () => null,
}: {
  readonly clock: Clock;
  /** The policy of a topic; null where it has none of its own. */
  readonly policyOf?: (topicArn: string) => object | null;
}): Sns {
  const state: SnsState = { clock, topics: new Map(), published: [] };
  return {
    operations: {
      CreateTopic: (input, call) => createTopic(state, input, call),
      DeleteTopic: (input, call) => deleteTopic(state, input, call),
      ListTopics: (_, call) => listTopics(state, call),
      GetTopicAttributes: (input, call) => getTopicAttributes(state, input, call, policyOf),
      SetTopicAttributes: (input, call) => setTopicAttributes(state, input, call),
      Subscribe: (input, call) => subscribe(state, input, call),
      SetSubscriptionAttributes: (input, call) => setSubscriptionAttributes(state, input, call),
      Unsubscribe: (input, call) => unsubscribe(state, input, call),
      ListSubscriptions: (_, call) => listSubscriptions(state, call),
      ListSubscriptionsByTopic: (input, call) => listSubscriptionsByTopic(state, input, call),
      Publish: (input, call) => publish(state, input, call, policyOf),
    },
    published: () => state.published,
    keyIdOf: (arn) => state.topics.get(arn)?.attributes.KmsMasterKeyId ?? null,
    confirm(endpoint) {
      for (const { subscriptions } of state.topics.values()) {
        for (const subscription of subscriptions) {
          if (subscription.endpoint === endpoint) subscription.isConfirmed = true;
        }
      }
    },
  };
}

export function snsService(service: Sns): RunningService {
  return serviceOf('sns', module, module.SNSClient, service.operations);
}
