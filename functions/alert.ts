import type { ChannelPorts } from '#shared/channels/channel.ts';
import { loadChannels } from '#shared/channels/registry.ts';
import { alert } from '#shared/finish/alert/alert.ts';
import { s3Told } from '#shared/finish/alert/told.ts';
import { namesOf } from '#shared/installation.ts';
import { partitionOf } from '#shared/region.ts';
import { hintEvent } from './events.ts';
import type { Foundation } from './foundation.ts';
import { lambdaHandler, type Run } from './handler.ts';

export async function composeAlert(foundation: Foundation): Promise<Run<unknown>> {
  const { clients, config, environment, objects } = foundation;
  const names = namesOf(config);
  const { account, region } = config.home;
  const channelPorts = {
    options: clients(),
    topicArn: environment.CERTKEEP_TOPIC_ARN,
    keyArn: environment.CERTKEEP_KEY_ARN,
    ownTopic: ownTopicOf(foundation),
    roleArn: `arn:${partitionOf(region)}:iam::${account}:role/${names.role('alert')}`,
  };
  const ports = {
    ...foundation,
    channels: await loadChannels(channelPorts),
    told: s3Told(objects),
    topic: names.topic,
    habits: { digest: config.alerts.digest },
    addresses: { runbook: config.alerts.runbook },
  };
  return () => alert(ports);
}

function ownTopicOf({ clients, config }: Foundation): ChannelPorts['ownTopic'] {
  const { snsTopic, snsTopicKey = null } = config.alerts;
  if (snsTopic === undefined) return null;
  const options = clients(snsTopic.split(':')[3]);
  return { options, topicArn: snsTopic, keyArn: snsTopicKey };
}

export const handler = lambdaHandler('alert', hintEvent, composeAlert);
