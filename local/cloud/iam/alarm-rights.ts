import { type KeyAction, keyUse } from './authorizations/keys.ts';
import type { Iam } from './iam.ts';

const keyActions: readonly KeyAction[] = ['GenerateDataKey', 'Decrypt'];

/**
 * Returns the rights that CloudWatch lacks to publish to a topic for an alarm. The topic's policy decides, and the policy of its key.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export async function missingToPublishByAlarm(
  iam: Pick<Iam, 'isAllowed'>,
  {
    alarmArn,
    keyArn,
    topicArn,
  }: { readonly alarmArn: string; readonly topicArn: string; readonly keyArn: string | null },
): Promise<readonly string[]> {
  const [, , , region = '', account = ''] = alarmArn.split(':');
  const source = { 'aws:SourceArn': alarmArn, 'aws:SourceAccount': account };
  const encryptionContext = { 'aws:sns:topicArn': topicArn };
  const use = { key: keyArn, actions: keyActions, via: 'sns', encryptionContext } as const;
  const asked = [
    { action: 'sns:Publish', resource: topicArn, context: {} },
    ...keyUse(use, { region, account }),
  ];
  const lacking: string[] = [];
  for (const { action, context = {}, resource } of asked) {
    const principal = 'cloudwatch.amazonaws.com';
    const isAllowed = await iam.isAllowed({
      principal,
      action,
      resource,
      context: { ...context, ...source },
    });
    if (!isAllowed) lacking.push(action);
  }
  return lacking;
}
