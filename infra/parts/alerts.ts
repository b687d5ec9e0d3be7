import { ArnFormat, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { ResourceNames } from '#shared/installation.ts';

/**
 * The topic over which alert tells people. An address gets nothing until somebody follows the link in SNS's confirmation
 * mail.
 */
export function createTopic(
  scope: Construct,
  names: ResourceNames,
  key: Key,
  addresses: readonly string[],
): Topic {
  const topic = new Topic(scope, 'Alerts', {
    topicName: names.topic,
    masterKey: key,
    enforceSSL: true,
  });
  for (const address of addresses) topic.addSubscription(new EmailSubscription(address));
  return topic;
}

/**
 * The topic of the alarms and of what ACM reports, in any region. It shares nothing with the other way to people: no function,
 * and not the key, which must not silence them when somebody disables it. Its texts are names and counts, no secrets.
 */
export function createWatchTopic(
  scope: Construct,
  names: ResourceNames,
  addresses: readonly string[],
  topicName: string = names.watchTopic,
): Topic {
  const topic = new Topic(scope, 'Watch', { topicName, enforceSSL: true });
  for (const address of addresses) topic.addSubscription(new EmailSubscription(address));
  letAlarmsPublish(topic, names);
  return topic;
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
