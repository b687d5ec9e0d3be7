import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { CertkeepError } from '#shared/errors.ts';
import { type EventBus, eventSource } from '#shared/ledger/outbox/event-bus.ts';
import { callsFor, type EventBundle } from './event-bundles.ts';

const named = serviceCalls({ service: 'EventBridge', stage: 'alert' });

/** @throws CertkeepError EventsNotPublished, or an error of serviceCalls. EventBridge may have accepted some of the events. */
export function eventBridgeBus(options: {
  readonly client: EventBridgeClient;
  readonly busName: string;
}): EventBus {
  return {
    async publish(events) {
      let refused = 0;
      const reasons = new Set<string>();
      for (const bundles of callsFor(events)) {
        const Entries = bundles.map((each) => entry(each, options.busName));
        const answer = await named('PutEvents', options.busName, () =>
          options.client.send(new PutEventsCommand({ Entries })),
        );
        // A successful answer can contain refusals, each at the position of its entry.
        (answer.Entries ?? []).forEach(({ ErrorCode }, index) => {
          if (!ErrorCode) return;
          refused += bundles[index]?.events.length ?? 0;
          reasons.add(ErrorCode);
        });
      }
      if (refused === 0) return;
      throw new CertkeepError(
        'EventsNotPublished',
        `${options.busName} refused ${refused} of ${events.length} events: ${[...reasons].join(', ')}`,
      );
    },
  };
}

function entry({ type, events }: EventBundle, EventBusName: string) {
  return {
    EventBusName,
    Source: eventSource,
    DetailType: type,
    Detail: JSON.stringify({ events }),
    Time: new Date(events[0]?.at ?? 0),
  };
}
