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

/** What a record has to tell. */
export type Untold = Pick<CertificateRecord, 'id' | 'outbox'>;

/** Writes the event down together with the change it speaks of. The same id twice is one event. */
export function withEvent(record: CertificateRecord, event: LedgerEvent): CertificateRecord {
  if (record.outbox.some(({ id }) => id === event.id)) return record;
  return withHistory(
    { ...record, outbox: [...record.outbox, event] },
    { at: event.at, stage: stageOf(event), what: event.type, why: event.summary },
  );
}

/**
 * Events that were sent and did not reach people are to be sent again, whatever else happened since; what the record
 * does not hold does not come into it by having been sent.
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
 * Sends what the record still has to tell, then acknowledges exactly that. Between the two a run may
 * die, so an event can arrive twice; receivers know it by its id. Returns how many were sent. Trouble with the
 * bus is logged and fails nothing else: the events stay in the outbox, and check sends them again.
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

/** How many events are published and acknowledged side by side, at most: some bundles of the bus. */
const eventsAtOnce = 1_000;
const sideBySide = { concurrency: recordsAtOnce, failure: 'outboxes could not be acknowledged' };

/**
 * Publishes the outboxes of many records in bundles, and acknowledges each record's events once the bus has them.
 * Nothing is thrown: what is not published or acknowledged is logged, returned, and sent again another time.
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
      // A bus that refuses some events takes others; one that does not answer would use up the run.
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

/** What leaves the outbox has been sent (parts/split.ts). */
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
} as const satisfies Record<EventType, Stage>;

/** An event that names its stage knows better. */
function stageOf(event: LedgerEvent): Stage {
  return stages.find((stage) => stage === event.details.stage) ?? stageOfType[event.type];
}
