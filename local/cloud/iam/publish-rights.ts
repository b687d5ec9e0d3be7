import type { Place } from '../wire/place.ts';
import { type KeyAction, keyUse } from './authorizations/keys.ts';
import type { Context } from './authorizations/requests.ts';
import type { Iam } from './iam.ts';

/** `keyArn` is that of the topic's key, null where it has none of its own. */
type Topic = { readonly topicArn: string; readonly keyArn: string | null };

const keyActions: readonly KeyAction[] = ['GenerateDataKey', 'Decrypt'];

/**
 * Returns the rights that CloudWatch lacks to publish to a topic for an alarm. The topic's policy decides, and the policy of its key.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function missingToPublishByAlarm(
  iam: Pick<Iam, 'isAllowed'>,
  { alarmArn, ...topic }: Topic & { readonly alarmArn: string },
): Promise<readonly string[]> {
  const [, , , region = '', account = ''] = alarmArn.split(':');
  const source = { 'aws:SourceArn': alarmArn, 'aws:SourceAccount': account };
  return missing(iam, 'cloudwatch.amazonaws.com', topic, { region, account }, source);
}

/**
 * Returns the rights that EventBridge lacks to publish to a topic for a rule of that place. It tells SNS neither the rule nor
 * the account: "You can't use Condition blocks in Amazon SNS topic policies for EventBridge"
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions), and the policy of
 * the key cannot have these conditions either (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
 */
export function missingToPublishByRule(
  iam: Pick<Iam, 'isAllowed'>,
  { place, ...topic }: Topic & { readonly place: Place },
): Promise<readonly string[]> {
  return missing(iam, 'events.amazonaws.com', topic, place, {});
}

async function missing(
  iam: Pick<Iam, 'isAllowed'>,
  principal: string,
  { keyArn, topicArn }: Topic,
  place: Place,
  source: Context,
): Promise<readonly string[]> {
  const encryptionContext = { 'aws:sns:topicArn': topicArn };
  const use = { key: keyArn, actions: keyActions, via: 'sns', encryptionContext } as const;
  const asked = [{ action: 'sns:Publish', resource: topicArn, context: {} }, ...keyUse(use, place)];
  const lacking: string[] = [];
  for (const { action, context = {}, resource } of asked) {
    const given = { ...context, ...source };
    if (!(await iam.isAllowed({ principal, action, resource, context: given }))) {
      lacking.push(action);
    }
  }
  return lacking;
}
