import type {
  CreateTopicCommandInput,
  PublishCommandInput,
  SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import { arnOf } from '../../wire/arn.ts';
import { keyNamed, keyUse } from './keys.ts';
import type { Reference } from './reference.ts';
import { given, requestTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const snsReference: Reference = {
  service: 'sns',
  /** A subscription is a part of its topic. */
  resource: ({ TopicArn, SubscriptionArn }: { TopicArn?: string; SubscriptionArn?: string }) =>
    TopicArn ?? SubscriptionArn?.split(':').slice(0, 6).join(':'),
  values: ({ Protocol, Endpoint }: Partial<SubscribeCommandInput>) =>
    given({ 'sns:Protocol': Protocol, 'sns:Endpoint': Endpoint }),
};

export const snsTable: Table = {
  CreateTopic({ Name, Tags }: CreateTopicCommandInput, asker) {
    const resource = arnOf('sns', asker, Name ?? '');
    const context = requestTags(Tags);
    return [
      { action: 'sns:CreateTopic', resource, context },
      ...(Tags?.length ? [{ action: 'sns:TagResource', resource, context }] : []),
    ];
  },
  Publish({ TopicArn = '' }: PublishCommandInput, asker, resources) {
    const ofTopic = keyNamed(resources.topicKeyOf(TopicArn) ?? undefined, asker, resources);
    return [
      { action: 'sns:Publish', resource: TopicArn },
      // Publishers need "kms:GenerateDataKey* and kms:Decrypt" (sns-key-management.html).
      ...keyUse(
        {
          key: ofTopic ?? resources.encryptionOf(TopicArn).key,
          actions: ['GenerateDataKey', 'Decrypt'],
          via: 'sns',
          encryptionContext: { 'aws:sns:topicArn': TopicArn },
        },
        asker,
      ),
    ];
  },
};
