import type {
  CreateTopicCommandInput,
  PublishCommandInput,
  SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import { arnOf } from '../../wire/arn.ts';
import { keyNamed, keyUse } from './keys.ts';
import { given, onAll, type Row, requestTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const snsTable: Table = {
  CreateTopic({ Name, Tags }: CreateTopicCommandInput, asker) {
    const resource = arnOf('sns', asker, Name ?? '');
    const context = requestTags(Tags);
    return [
      { action: 'sns:CreateTopic', resource, context },
      ...(Tags?.length ? [{ action: 'sns:TagResource', resource, context }] : []),
    ];
  },
  DeleteTopic: onTopic('sns:DeleteTopic'),
  ListTopics: onAll('sns:ListTopics'),
  SetTopicAttributes: onTopic('sns:SetTopicAttributes'),
  Subscribe: (input: SubscribeCommandInput) => [
    {
      action: 'sns:Subscribe',
      resource: input.TopicArn ?? '',
      context: given({ 'sns:Protocol': input.Protocol, 'sns:Endpoint': input.Endpoint }),
    },
  ],
  Unsubscribe: (input: { readonly SubscriptionArn: string | undefined }) => [
    {
      action: 'sns:Unsubscribe',
      resource: (input.SubscriptionArn ?? '').split(':').slice(0, 6).join(':'),
    },
  ],
  ListSubscriptions: onAll('sns:ListSubscriptions'),
  ListSubscriptionsByTopic: onTopic('sns:ListSubscriptionsByTopic'),
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

function onTopic(action: string): Row {
  return (input: { readonly TopicArn: string | undefined }) => [
    { action, resource: input.TopicArn ?? '' },
  ];
}
