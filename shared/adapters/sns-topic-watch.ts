import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { serviceCalls } from '#shared/aws/service-errors.ts';

const alarms = 'cloudwatch.amazonaws.com';

const named = serviceCalls({ service: 'SNS', stage: 'check' });

/** SNS lists a hundred at a time (API_ListSubscriptionsByTopic.html); more pages are counted as confirmed by the first. */
const mostPages = 10;

type Topic = {
  readonly name: string;
  readonly region: string;
  /** The services that are to publish to it. */
  readonly publishers: readonly string[];
  /** The e-mail addresses that are to confirm it. */
  readonly addresses: readonly string[];
};

type Audience = {
  readonly confirmed: number;
  readonly pending: number;
  /** One of its publishers may not publish to it. */
  readonly isClosed: boolean;
  readonly unconfirmed: readonly string[];
};

/** Returns what counts the subscriptions of a topic, and reads whether its publishers may publish to it. */
export function snsTopicWatch({
  arnOf,
  clientIn,
}: {
  readonly clientIn: (region: string) => SNSClient;
  readonly arnOf: (topic: Topic) => string;
}): (topic: Topic) => Promise<Audience> {
  return async (topic) => {
    const client = clientIn(topic.region);
    const heardAt = new Set<string>();
    let confirmed = 0;
    let pending = 0;
    let next: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const input = { TopicArn: arnOf(topic), ...(next && { NextToken: next }) };
      const answer = await named('ListSubscriptionsByTopic', topic.name, () =>
        client.send(new ListSubscriptionsByTopicCommand(input)),
      );
      for (const { Endpoint, SubscriptionArn } of answer.Subscriptions ?? []) {
        // `PendingConfirmation`, and `Deleted` for a while after somebody has unsubscribed.
        if (SubscriptionArn?.startsWith('arn:')) {
          confirmed += 1;
          heardAt.add(String(Endpoint).toLowerCase());
        } else if (SubscriptionArn === 'PendingConfirmation') pending += 1;
      }
      next = answer.NextToken;
      if (next === undefined) break;
    }
    // An address that is not on a list that was cut may be on the rest of it.
    const isWhole = next === undefined;
    const unconfirmed = topic.addresses.filter(
      (each) => isWhole && !heardAt.has(each.toLowerCase()),
    );
    const audience = { confirmed, pending, unconfirmed };
    if (topic.publishers.length === 0) return { ...audience, isClosed: false };
    const { Attributes } = await named('GetTopicAttributes', topic.name, () =>
      client.send(new GetTopicAttributesCommand({ TopicArn: arnOf(topic) })),
    );
    const { Owner: owner = '', Policy: policy = '' } = Attributes ?? {};
    const isClosed = !topic.publishers.every((each) => letsPublish(each, policy, owner));
    return { ...audience, isClosed };
  };
}

/**
 * A service publishes by the policy of the topic: by a statement that names it, or, CloudWatch alone, by the one that SNS gives
 * a new topic, for the owner of the topic (`AWS:SourceOwner`, sns-access-policy-use-cases.html).
 */
function letsPublish(service: string, policy: string, owner: string): boolean {
  const { Statement } = Object(jsonIn(policy));
  return [Statement].flat().some((statement) => {
    const { Action, Condition, Effect, Principal } = Object(statement);
    const actions = [Action].flat().map((action) => String(action).toLowerCase());
    const isOfOwner =
      service === alarms && Object(Condition).StringEquals?.['AWS:SourceOwner'] === owner;
    const isOfService = [Object(Principal).Service].flat().includes(service) || isOfOwner;
    return Effect === 'Allow' && isOfService && actions.includes('sns:publish');
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
