import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/** Where people are told. An address gets nothing before somebody there has followed the link in SNS's mail. */
export function createTopic(
  scope: Construct,
  topicName: string,
  key: Key,
  addresses: readonly string[],
): Topic {
  const topic = new Topic(scope, 'Alerts', { topicName, masterKey: key, enforceSSL: true });
  for (const address of addresses) topic.addSubscription(new EmailSubscription(address));
  letAlarmsPublish(topic);
  return topic;
}

function letAlarmsPublish(topic: Topic): void {
  const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } },
  });
  // The right to the key of the topic comes with it.
  topic.grantPublish(alarms);
}
