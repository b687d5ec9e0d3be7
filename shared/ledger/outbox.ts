import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { type Stage, stages } from '#shared/stage.ts';
import type { EventBus } from '#shared/work.ts';
import { withHistory } from './history.ts';
import type { Ledger } from './ledger.ts';
import type { CertificateRecord, EventType, LedgerEvent } from './record.ts';

/** Writes the event down together with the change it speaks of. The same id twice is one event. */
export function withEvent(record: CertificateRecord, event: LedgerEvent): CertificateRecord {
  if (record.outbox.some(({ id }) => id === event.id)) return record;
  return withHistory(
    { ...record, outbox: [...record.outbox, event] },
    { at: event.at, stage: stageOf(event), what: event.type, why: event.summary },
  );
}

/** An event that was sent and did not reach people is to be sent again, whatever else happened since. */
export function withUntold(record: CertificateRecord, event: LedgerEvent): CertificateRecord {
  if (record.outbox.some(({ id }) => id === event.id)) return record;
  return { ...record, outbox: [...record.outbox, event] };
}

/**
 * Sends what the record still has to tell, then acknowledges exactly that. Between the two a run may
 * die, so an event can arrive twice; receivers know it by its id. Returns how many were sent: a bus that
 * takes none fails no work that is done, and check sends what is left.
 */
export async function flushOutbox(
  ports: OutboxPorts & { readonly ledger: Pick<Ledger, 'read' | 'update'> },
  id: string,
): Promise<number> {
  const { ledger } = ports;
  const events = (await ledger.read(id))?.outbox ?? [];
  if (events.length === 0 || !(await publishIfPossible(ports, id, events))) return 0;
  const sent = new Set(events.map((event) => event.id));
  await ledger.update(id, (record) => withoutEvents(record, sent));
  return events.length;
}

export type OutboxPorts = { readonly bus: EventBus; readonly log: Log };

/** False where the bus refuses, throttles or does not answer: then check tries again. */
export async function publishIfPossible(
  { bus, log }: OutboxPorts,
  certificate: string,
  events: readonly LedgerEvent[],
): Promise<boolean> {
  try {
    await bus.publish(events);
    return true;
  } catch (error) {
    if (!isCertkeepError(error)) throw error;
    log.warn('events not sent', {
      stage: 'alert',
      certificate,
      outcome: errorName(error),
      reason: errorMessage(error),
    });
    return false;
  }
}

function withoutEvents(record: CertificateRecord, sent: ReadonlySet<string>): CertificateRecord {
  const outbox = record.outbox.filter(({ id }) => !sent.has(id));
  return outbox.length === record.outbox.length ? record : { ...record, outbox };
}

const stageOfType = {
  issued: 'store',
  served: 'verify',
  failed: 'check',
  expiring: 'check',
  'rolled-back': 'rebind',
  unproven: 'verify',
  revoked: 'check',
} as const satisfies Record<EventType, Stage>;

/** An event that names its stage knows better. */
function stageOf(event: LedgerEvent): Stage {
  return stages.find((stage) => stage === event.details.stage) ?? stageOfType[event.type];
}
