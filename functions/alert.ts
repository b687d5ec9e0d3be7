import { loadChannels } from '#shared/channels/registry.ts';
import { alert } from '#shared/finish/alert/alert.ts';
import { s3Told } from '#shared/finish/alert/told.ts';
import { namesOf } from '#shared/installation.ts';
import { hintEvent } from './events.ts';
import type { Foundation } from './foundation.ts';
import { lambdaHandler, type Run } from './handler.ts';

export async function composeAlert(foundation: Foundation): Promise<Run<unknown>> {
  const { clients, config, environment, objects } = foundation;
  const topicArn = environment.CERTKEEP_TOPIC_ARN;
  const ports = {
    ...foundation,
    channels: await loadChannels({ options: clients(), topicArn }),
    told: s3Told(objects),
    topic: namesOf(config).topic,
    habits: { digest: config.alerts.digest },
    addresses: { runbook: config.alerts.runbook },
  };
  return () => alert(ports);
}

export const handler = lambdaHandler('alert', hintEvent, composeAlert);
