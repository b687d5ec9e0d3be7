import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Publisher } from './rights-client.ts';
import type { SnsClientPort } from './sns.ts';

export function awsSnsClient(options: ClientOptions, publisher: Publisher): SnsClientPort {
  const sns = new SNSClient(options);
  return {
    async publish({ subject, short, text, attributes }) {
      const entries = Object.entries(attributes).map(
        ([name, value]) => [name, attributeOf(value)] as const,
      );
      await sns.send(
        new PublishCommand({
          TopicArn: publisher.topicArn,
          Subject: subject,
          // Each protocol has its own form (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
          MessageStructure: 'json',
          Message: JSON.stringify({ default: text, sms: short }),
          MessageAttributes: Object.fromEntries(entries),
        }),
      );
    },
    async deniedActions() {
      // Loaded for a look each hour, and not by every run.
      const { deniedActions } = await import('./rights-client.ts');
      return deniedActions(options, publisher);
    },
  };
}

/** A filter policy matches an array where it matches one of its values (sns-message-attributes.html). */
function attributeOf(value: string | readonly string[]): MessageAttributeValue {
  return typeof value === 'string'
    ? { DataType: 'String', StringValue: value }
    : { DataType: 'String.Array', StringValue: JSON.stringify(value) };
}
