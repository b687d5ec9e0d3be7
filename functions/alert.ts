import { loadChannels } from '#shared/channels/registry.ts';
import { alert } from '#shared/finish/alert/alert.ts';
import { s3Announcements } from '#shared/ledger/outbox/announcements.ts';
import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import { busEvent } from './events.ts';
import type { Foundation } from './foundation.ts';
import { lambdaHandler, type Run } from './handler.ts';

export async function composeAlert(foundation: Foundation): Promise<Run<readonly LedgerEvent[]>> {
  const { clients, environment, objects } = foundation;
  const topicArn = environment.CERTKEEP_TOPIC_ARN;
  const channels = await loadChannels({ options: clients(), topicArn });
  const announcements = (['check', 'deploy'] as const).map((writer) =>
    s3Announcements(objects, writer),
  );
  return (events) => alert({ ...foundation, announcements, channels }, events);
}

export const handler = lambdaHandler('alert', busEvent, composeAlert);
