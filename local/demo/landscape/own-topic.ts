import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import type { Cloud } from 'local-cloud/cloud.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { globalArnOf } from 'local-cloud/wire/arn.ts';
import type { Config } from '#shared/config/config.ts';
import { namesOf } from '#shared/installation.ts';
import { inLocalAccount } from './builder.ts';

/** The address that subscribes to the topic of the user. */
export const topicReader = 'own-topic@example.com';

/**
 * Creates the user's own topic as people have one, with its key, and with a policy where it is in another account. Returns
 * the two as they are in this cloud.
 */
export async function createOwnTopic(
  cloud: Cloud,
  config: Config,
): Promise<Pick<Config['alerts'], 'snsTopic' | 'snsTopicKey'>> {
  const { snsTopic: written, snsTopicKey } = config.alerts;
  if (written === undefined) return {};
  const [, , , region = '', owner = '', Name = ''] = written.split(':');
  const place = inLocalAccount({ account: owner, region }, config);
  const home = inLocalAccount(config.home, config);
  const role = globalArnOf('iam', home, `role/${namesOf({ ...config, home }).role('alert')}`);
  const key = snsTopicKey && keyFor(cloud, place, role);
  const sns = new SNSClient(operatorClient(cloud, place.region, place.account));
  const Attributes = { ...(key && { KmsMasterKeyId: key }) };
  const { TopicArn: snsTopic = '' } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
  const to = { TopicArn: snsTopic, Protocol: 'email', Endpoint: topicReader };
  await sns.send(new SubscribeCommand(to));
  cloud.sns.confirm(topicReader);
  if (place.account !== home.account) {
    cloud.policies.put(snsTopic, letting(role, ['sns:Publish'], snsTopic));
  }
  return { snsTopic, ...(key && { snsTopicKey: key }) };
}

function keyFor(cloud: Cloud, place: { region: string; account: string }, role: string): string {
  const { arn } = cloud.kms.createKey(place, { multiRegion: false, description: 'topics' });
  cloud.policies.put(arn, letting(role, ['kms:GenerateDataKey', 'kms:Decrypt'], '*'));
  return arn;
}

function letting(role: string, Action: readonly string[], Resource: string) {
  const statement = { Effect: 'Allow', Principal: { AWS: role }, Action: [...Action], Resource };
  return { Version: '2012-10-17', Statement: [statement] };
}
