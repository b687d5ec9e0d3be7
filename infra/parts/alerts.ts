import { ArnFormat, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, type EmailSubscriptionProps } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct, IDependable } from 'constructs';
import type { AddressConfig } from '#shared/config/config.ts';
import type { ResourceNames } from '#shared/installation.ts';

/**
 * The topic over which alert tells people. An address gets nothing until somebody follows the link in SNS's confirmation
 * mail.
 */
export function createTopic(
  scope: Construct,
  names: ResourceNames,
  key: Key,
  addresses: readonly AddressConfig[],
): Topic {
  const topic = new Topic(scope, 'Alerts', {
    topicName: names.topic,
    masterKey: key,
    enforceSSL: true,
  });
  for (const each of addresses) {
    topic.addSubscription(new EmailSubscription(each.address, filterOf(each)));
  }
  return topic;
}

/** An address gets the messages that carry one of its owners and one of its severities. */
function filterOf({ owners, severities }: AddressConfig): EmailSubscriptionProps {
  const filterPolicy = {
    ...(owners && { owner: oneOf(owners) }),
    ...(severities && { severity: oneOf(severities) }),
  };
  return Object.keys(filterPolicy).length > 0 ? { filterPolicy } : {};
}

function oneOf(allowlist: readonly string[]): SubscriptionFilter {
  return SubscriptionFilter.stringFilter({ allowlist: [...new Set(allowlist)] });
}

/**
 * The topic of the alarms and of what ACM reports, in any region. It shares nothing with the other way to people: no function,
 * and not the key, which must not silence them when somebody disables it. Its texts are names and counts, no secrets.
 */
export function createWatchTopic(
  scope: Construct,
  names: ResourceNames,
  topicName: string = names.watchTopic,
): Topic {
  const topic = new Topic(scope, 'Watch', { topicName, enforceSSL: true });
  letAlarmsPublish(topic, names);
  return topic;
}

/**
 * Subscribes each address to everything, since alarms carry no attributes by which to choose. A new alarm tells that all is
 * well: it is created before anybody can have been asked to confirm.
 */
export function subscribeEverybody(
  topic: Topic,
  addresses: readonly AddressConfig[],
  alarms: readonly IDependable[] = [],
): void {
  for (const { address } of addresses) {
    topic.addSubscription(new EmailSubscription(address)).node.addDependency(...alarms);
  }
}

/** Allows only the installation's own alarms, recognized by their prefix. */
function letAlarmsPublish(topic: Topic, names: ResourceNames): void {
  const stack = Stack.of(topic);
  const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: {
        'aws:SourceArn': stack.formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          resourceName: names.alarm('*'),
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      },
    },
  });
  topic.grantPublish(alarms);
}
