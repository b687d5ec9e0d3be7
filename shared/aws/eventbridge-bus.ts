import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CertkeepError } from '#shared/errors.ts';
import type { LedgerEvent } from '#shared/ledger/record.ts';
import { type EventBus, eventSource } from '#shared/work.ts';
import { serviceCalls } from './service-errors.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const entriesPerCall = 10;

const named = serviceCalls({ service: 'EventBridge', stage: 'alert' });

/** @throws CertkeepError EventsNotPublished, or what serviceCalls throws; some of the events may have been accepted all the same. */
export function eventBridgeBus(options: {
  readonly client: EventBridgeClient;
  readonly busName: string;
}): EventBus {
  return {
    async publish(events) {
      let refused = 0;
      const reasons = new Set<string>();
      for (let start = 0; start < events.length; start += entriesPerCall) {
        const batch = events.slice(start, start + entriesPerCall);
        const Entries = batch.map((event) => entry(event, options.busName));
        const answer = await named('PutEvents', options.busName, () =>
          options.client.send(new PutEventsCommand({ Entries })),
        );
        // Refusals come inside a successful answer.
        refused += answer.FailedEntryCount ?? 0;
        for (const { ErrorCode } of answer.Entries ?? []) if (ErrorCode) reasons.add(ErrorCode);
      }
      if (refused === 0) return;
      throw new CertkeepError(
        'EventsNotPublished',
        `${options.busName} refused ${refused} of ${events.length} events: ${[...reasons].join(', ')}`,
      );
    },
  };
}

function entry(event: LedgerEvent, EventBusName: string) {
  return {
    EventBusName,
    Source: eventSource,
    DetailType: event.type,
    Detail: JSON.stringify(event),
    Time: new Date(event.at),
  };
}
