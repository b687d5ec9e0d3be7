import type { EventBus } from '#shared/ledger/outbox/event-bus.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import { checkedEvent } from './conditions/checked-event.ts';
import { reportStatus, type Seen, type StatusPorts } from './conditions/report-status.ts';
import type { SentBook } from './dispatch/sent-book.ts';
import { type LookPorts, look } from './observations/look.ts';
import { nothingSeen } from './observations/observations.ts';

export type ReportPorts = StatusPorts &
  LookPorts & {
    readonly sentBook: Pick<SharedObject<SentBook>, 'read'>;
    readonly bus: EventBus;
  };

/**
 * Writes the state of the fleet at the end of a check, and starts alert. What cannot be looked at is left out of the state,
 * so that people hear of everything else. What goes wrong is added to the failures, which fail the run in the end.
 */
export async function report(
  ports: ReportPorts,
  seen: Omit<Seen, 'failures' | 'observations' | 'regions'>,
  failures: unknown[],
): Promise<void> {
  const failed = (error: unknown) => {
    failures.push(error);
    return null;
  };
  const records = seen.found.map(({ record }) => record);
  const looked = await look(ports, records).catch(failed);
  failures.push(...(looked?.failures ?? []));
  const book = await ports.sentBook.read().catch(failed);
  const beside = {
    observations: looked?.observations ?? nothingSeen,
    regions: book?.regions ?? {},
    failures,
  };
  try {
    const { checkedAt, counts } = await reportStatus(ports, { ...seen, ...beside });
    await ports.bus.publish([checkedEvent(checkedAt, counts)]);
  } catch (error) {
    failures.push(error);
  }
}
