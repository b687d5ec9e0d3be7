import type { Clock } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';

export type Subscription = {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly owner: string;
  /** As it was given; null where every message is delivered. */
  filterPolicy: string | null;
  /** SNS delivers nothing before the receiver has followed the link in the confirmation mail. */
  isConfirmed: boolean;
};

export type Topic = {
  readonly arn: string;
  readonly owner: string;
  readonly region: string;
  attributes: Readonly<Record<string, string>>;
  subscriptions: Subscription[];
};

/** A message that reached a topic, as an inbox would show it. */
export type PublishedMessage = {
  readonly messageId: string;
  readonly topicArn: string;
  readonly publishedAt: Date;
  readonly subject: string | null;
  /** The text for e-mail, also where the message had one body per protocol. */
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The confirmed endpoints that received it: `ops@example.com`. */
  readonly recipients: readonly string[];
};

export type SnsState = {
  readonly clock: Clock;
  readonly topics: Map<string, Topic>;
  readonly published: PublishedMessage[];
};

export function topicOf(state: SnsState, arn: string | undefined, call: Call): Topic {
  const [, , , region, account] = (arn ?? '').split(':');
  if (!region || region !== call.region) {
    throw new AwsError('InvalidParameterException', 'Invalid parameter: TopicArn');
  }
  if (account !== call.account) {
    throw new AwsError('AuthorizationErrorException', `Not authorized to use ${arn}`, 403);
  }
  const topic = state.topics.get(arn ?? '');
  if (!topic) throw new AwsError('NotFoundException', 'Topic does not exist', 404);
  return topic;
}
