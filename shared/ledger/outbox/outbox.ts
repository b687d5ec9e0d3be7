import { eachOf, recordsAtOnce } from '#shared/each.ts';
import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { type Stage, stages } from '#shared/stage.ts';
import type { Ledger } from '../ledger.ts';
import { withHistory } from '../record/history.ts';
import type { CertificateRecord, EventType, LedgerEvent } from '../record/record.ts';
import type { EventBus } from './event-bus.ts';
import { heldEvent } from './sent-events.ts';

export type OutboxPorts = {
  readonly ledger: Pick<Ledger, 'update'>;
  readonly bus: EventBus;
  readonly log: Log;
};

/** The part of a record that holds unsent events. */
export type Untold = Pick<CertificateRecord, 'id' | 'outbox'>;

/** Adds the event to the record together with the change that it reports. Two events with the same id are one event. */
export function withEvent(record: CertificateRecord, event: LedgerEvent): CertificateRecord {
  if (record.outbox.some(({ id }) => id === event.id)) return record;
  return withHistory(
    { ...record, outbox: [...record.outbox, event] },
    { at: event.at, stage: stageOf(event), what: event.type, why: whyOf(event) },
  );
}

/** The outbox forgets an event that was sent: the history says also what has failed, and which certificate it is. */
function whyOf({ details, summary, type }: LedgerEvent): string {
  const { message, serial } = details;
  if (type === 'failed' && message) return `${summary}: ${message}`;
  return type === 'issued' && serial ? `${summary}, serial ${serial}` : summary;
}

/**
 * Puts events that were sent but did not reach people back into the outbox, whatever else happened since. An event that the
 * record does not hold is not added, even if it was sent.
 */
export function withUntold(
  record: CertificateRecord,
  events: readonly LedgerEvent[],
): CertificateRecord {
  const known = new Set(record.outbox.map(({ id }) => id));
  const missing = events
    .filter(({ id }) => !known.has(id))
    .flatMap((event) => heldEvent(record, event) ?? []);
  return missing.length === 0 ? record : { ...record, outbox: [...record.outbox, ...missing] };
}

/**
 * Sends the events in the outbox, then acknowledges exactly those. A run may die between the two, so an event can arrive
 * twice; receivers recognize it by its id. Returns the number of sent events. Trouble with the bus is logged and fails
 * nothing else: the events stay in the outbox, and check sends them again.
 */
export async function flushOutbox(
  ports: OutboxPorts & { readonly ledger: Pick<Ledger, 'read'> },
  id: string,
): Promise<number> {
  try {
    const events = (await ports.ledger.read(id))?.outbox ?? [];
    return (await flushOutboxes(ports, [{ id, outbox: events }])).sent;
  } catch (error) {
    logUnsent(ports.log, error, [id]);
    return 0;
  }
}

/** The maximum number of events that are published and acknowledged concurrently: several bundles of the bus. */
const eventsAtOnce = 1_000;
const sideBySide = { concurrency: recordsAtOnce, failure: 'outboxes could not be acknowledged' };

/**
 * Publishes the outboxes of many records in bundles, and acknowledges each record's events once the bus has them. It throws
 * nothing: events that are not published or acknowledged are logged, returned, and sent again later.
 */
export async function flushOutboxes(
  ports: OutboxPorts,
  records: readonly Untold[],
): Promise<{ readonly sent: number; readonly failures: readonly unknown[] }> {
  const failures: unknown[] = [];
  let sent = 0;
  for (const group of inGroups(records.filter(({ outbox }) => outbox.length > 0))) {
    try {
      sent += await flush(ports, group);
    } catch (error) {
      logUnsent(
        ports.log,
        error,
        group.map(({ id }) => id),
      );
      failures.push(error);
      // A bus that refuses some events accepts others; one that does not answer would use up the run.
      if (!isCertkeepError(error, 'EventsNotPublished') && !(error instanceof AggregateError))
        break;
    }
  }
  return { sent, failures };
}

async function flush({ bus, ledger }: OutboxPorts, records: readonly Untold[]): Promise<number> {
  const events = records.flatMap(({ outbox }) => outbox);
  await bus.publish(events);
  await eachOf(records, sideBySide, async ({ id, outbox }) => {
    const published = new Set(outbox.map((event) => event.id));
    await ledger.update(id, (record) => withoutEvents(record, published));
  });
  return events.length;
}

function inGroups(records: readonly Untold[]): readonly (readonly Untold[])[] {
  const groups: Untold[][] = [];
  let size = eventsAtOnce;
  for (const record of records) {
    if (size + record.outbox.length > eventsAtOnce) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(record);
    size += record.outbox.length;
  }
  return groups;
}

function logUnsent(log: Log, error: unknown, ids: readonly string[]): void {
  const [certificate = ''] = ids;
  log.error('events not sent', {
    stage: 'alert',
    ...(ids.length === 1 ? { certificate } : { certificates: ids.length }),
    outcome: errorName(error),
    reason: errorMessage(error),
  });
}

/** Events that leave the outbox have been sent (parts/split.ts). */
function withoutEvents(
  record: CertificateRecord,
  published: ReadonlySet<string>,
): CertificateRecord {
  const outbox = record.outbox.filter(({ id }) => !published.has(id));
  return outbox.length === record.outbox.length ? record : { ...record, outbox };
}

const stageOfType = {
  issued: 'store',
  served: 'verify',
  failed: 'check',
  expiring: 'check',
  'rolled-back': 'rebind',
  'listener-changed': 'rebind',
  unproven: 'verify',
  revoked: 'check',
  'still-used': 'check',
  'region-behind': 'sync',
  'region-in-sync': 'sync',
  checked: 'check',
} as const satisfies Record<EventType, Stage>;

/** Where an event names its stage, that name wins. */
export function stageOf(event: LedgerEvent): Stage {
  return stages.find((stage) => stage === event.details.stage) ?? stageOfType[event.type];
}
