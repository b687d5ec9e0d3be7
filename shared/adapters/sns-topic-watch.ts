import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';
import { serviceCalls } from '#shared/aws/service-errors.ts';

const named = serviceCalls({ service: 'SNS', stage: 'check' });

/** SNS lists a hundred at a time (API_ListSubscriptionsByTopic.html); more pages are counted as confirmed by the first. */
const mostPages = 10;

type Topic = { readonly name: string; readonly region: string };
type Audience = { readonly confirmed: number; readonly pending: number };

/** Returns what counts the subscriptions of a topic. */
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
    return { confirmed, pending };
  };
}
