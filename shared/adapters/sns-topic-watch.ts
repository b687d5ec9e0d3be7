import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { serviceCalls } from '#shared/aws/service-errors.ts';

const named = serviceCalls({ service: 'SNS', stage: 'check' });

/** SNS lists a hundred at a time (API_ListSubscriptionsByTopic.html); more pages are counted as confirmed by the first. */
const mostPages = 10;

type Topic = { readonly name: string; readonly region: string; readonly isOfAlarms: boolean };

type Audience = {
  readonly confirmed: number;
  readonly pending: number;
  /** Alarms may not publish to it. */
  readonly isClosed: boolean;
};

/** Returns what counts the subscriptions of a topic, and reads whether alarms may publish to one of theirs. */
export function snsTopicWatch({
  arnOf,
  clientIn,
}: {
  readonly clientIn: (region: string) => SNSClient;
  readonly arnOf: (topic: Topic) => string;
}): (topic: Topic) => Promise<Audience> {
  return async (topic) => {
    const client = clientIn(topic.region);
    let confirmed = 0;
    let pending = 0;
    let next: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const input = { TopicArn: arnOf(topic), ...(next && { NextToken: next }) };
      const answer = await named('ListSubscriptionsByTopic', topic.name, () =>
        client.send(new ListSubscriptionsByTopicCommand(input)),
      );
      for (const { SubscriptionArn } of answer.Subscriptions ?? []) {
        // `PendingConfirmation`, and `Deleted` for a while after somebody has unsubscribed.
        if (SubscriptionArn?.startsWith('arn:')) confirmed += 1;
        else if (SubscriptionArn === 'PendingConfirmation') pending += 1;
      }
      next = answer.NextToken;
      if (next === undefined) break;
    }
    if (!topic.isOfAlarms) return { confirmed, pending, isClosed: false };
    const { Attributes } = await named('GetTopicAttributes', topic.name, () =>
      client.send(new GetTopicAttributesCommand({ TopicArn: arnOf(topic) })),
    );
    const { Owner: owner = '', Policy: policy = '' } = Attributes ?? {};
    return { confirmed, pending, isClosed: !letsAlarmsPublish(policy, owner) };
  };
}

const alarms = 'cloudwatch.amazonaws.com';

/**
 * CloudWatch publishes by the policy of the topic: by a statement that names it, or by the one that SNS gives a new topic, for
 * the owner of the topic (`AWS:SourceOwner`, sns-access-policy-use-cases.html).
 */
function letsAlarmsPublish(policy: string, owner: string): boolean {
  const { Statement } = Object(jsonIn(policy));
  return [Statement].flat().some((statement) => {
    const { Action, Condition, Effect, Principal } = Object(statement);
    const actions = [Action].flat().map((action) => String(action).toLowerCase());
    const isOfOwner = Object(Condition).StringEquals?.['AWS:SourceOwner'] === owner;
    const isOfAlarms = [Object(Principal).Service].flat().includes(alarms) || isOfOwner;
    return Effect === 'Allow' && isOfAlarms && actions.includes('sns:publish');
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
