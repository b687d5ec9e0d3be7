import type { Channel, Message } from '#shared/channels/channel.ts';
import { throwAny } from '#shared/each.ts';
import { isCertkeepError } from '#shared/errors.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { Announcements } from '#shared/ledger/outbox/announcements.ts';
import { withUntold } from '#shared/ledger/outbox/outbox.ts';
import { heldEvent, isAmong } from '#shared/ledger/outbox/sent-events.ts';
import type { CertificateRecord, LedgerEvent, SentEvent } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import { type ObjectStore, ObjectTooLarge, type StoredObject } from '#shared/object-store.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';
import { workedOff } from '../worked-off.ts';
import { isForetold } from './foretold.ts';
import { messageOf } from './message.ts';

export type AlertPorts = {
  readonly objects: Pick<ObjectStore, 'get' | 'putIf'>;
  readonly ledger: Pick<Ledger, 'read' | 'update'>;
  /** Events that no record holds. */
  readonly announcements: readonly Pick<Announcements, 'read'>[];
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * The number of events that were sent, were known already, are not in the ledger, and were returned to it for another run.
 */
export type AlertOutcome = {
  readonly told: number;
  readonly known: number;
  readonly unheld: number;
  readonly left: number;
};

type Told = 'told' | 'already-told' | 'not-held';

/** SNS takes hundreds of messages a second (https://docs.aws.amazon.com/general/latest/gr/sns.html). */
const atOnce = 8;
/** Work that begins by then ends in time. */
const beginsWithinMs = 60 * secondMs;

/**
 * Tells people of events, each by itself, if the ledger holds them: anybody who puts one on the bus, or starts the function
 * with one, can only send what certkeep has written down. Events arrive at least once; an id that was sent is dropped. The
 * mark is written after the sending: a run that dies in between sends twice, never not at all. Events that cannot be sent,
 * or are too many for this run, go back into the outbox; those without an outbox are sent first, and otherwise left to
 * Lambda's retries.
 * @throws CertkeepError AlertNotSent, after every event was tried
 */
export async function alert(
  ports: AlertPorts,
  events: readonly LedgerEvent[],
): Promise<AlertOutcome> {
  const outcomes: Told[] = [];
  const hold = holder(ports);
  const failures: unknown[] = [];
  const untold: LedgerEvent[] = [];
  const inOrder = [...events].sort((a, b) => rank(a) - rank(b));
  const limits = { atOnce, until: addMs(ports.clock.now(), beginsWithinMs), clock: ports.clock };
  const left = await workedOff(inOrder, limits, async (event) => {
    try {
      outcomes.push(await tell(ports, event, hold));
    } catch (error) {
      failures.push(error);
      untold.push(event);
    }
  });
  failures.push(...(await keepUntold(ports, [...untold, ...left])));
  const lost = left.filter(({ certificate }) => certificate === null);
  if (lost.length > 0) failures.push(new Error(`${lost.length} events have to wait for a retry`));
  throwAny(failures);
  const count = (outcome: Told) => outcomes.filter((each) => each === outcome).length;
  return {
    told: count('told'),
    known: count('already-told'),
    unheld: count('not-held'),
    left: left.length,
  };
}

/** No outbox would take it back. */
function rank({ certificate }: LedgerEvent): number {
  return certificate === null ? 0 : 1;
}

/** The id of a certificate has no underscore. */
function markOf({ certificate, id, type }: LedgerEvent): string {
  return `alerts/${certificate ?? '_installation'}/${type}/${id}`;
}

/** Where a release before marked events, whatever their type. */
function formerMarkOf({ certificate, id }: LedgerEvent): string {
  return `alerts/${certificate ?? '_installation'}/${id}`;
}

type Holder = (event: LedgerEvent) => Promise<LedgerEvent | null>;

/** Returns the event as the ledger holds it; each object is read once a run. */
function holder({ announcements, ledger }: AlertPorts): Holder {
  const records = new Map<string, Promise<CertificateRecord | null>>();
  let announced: Promise<readonly (readonly SentEvent[])[]> | undefined;
  return async (event) => {
    const { certificate: id } = event;
    if (id === null) {
      announced ??= Promise.all(announcements.map((each) => each.read()));
      return (await announced).some((sent) => isAmong(sent, event)) ? event : null;
    }
    const read = records.get(id) ?? recordOf(ledger, id);
    records.set(id, read);
    const record = await read;
    return record && heldEvent(record, event);
  };
}

/** A text that cannot be an id has no record. */
async function recordOf(ledger: Pick<Ledger, 'read'>, id: string) {
  try {
    return await ledger.read(id);
  } catch (error) {
    if (isCertkeepError(error, 'CertificateUnknown')) return null;
    throw error;
  }
}

async function tell(ports: AlertPorts, event: LedgerEvent, hold: Holder): Promise<Told> {
  const mark = markOf(event);
  const fields = {
    stage: 'alert',
    ...(event.certificate !== null && { certificate: oneLine(event.certificate, 64) }),
    event: oneLine(event.id, 300),
  } as const;
  const held = await hold(event);
  // Read last, right before sending: two runs may have the same event.
  const own = await markAt(ports.objects, mark);
  const known = own ?? (await markAt(ports.objects, formerMarkOf(event)));
  if (known && !isForetold(event, known.modifiedAt)) {
    ports.log.info('event was told before', { ...fields, outcome: 'already-told' });
    return 'already-told';
  }
  if (!held) {
    const reason = 'somebody else put it on the bus, or started alert with it';
    ports.log.error('event is not in the ledger', { ...fields, outcome: 'not-held', reason });
    return 'not-held';
  }
  await sendToAll(ports.channels, messageOf(held));
  await ports.objects.putIf(mark, ports.clock.now().toISOString(), own?.etag ?? null);
  ports.log.info('event told', { ...fields, outcome: 'told' });
  return 'told';
}

/** A mark that is too large to be read exists all the same. */
async function markAt(
  objects: Pick<ObjectStore, 'get'>,
  key: string,
): Promise<Pick<StoredObject, 'etag' | 'modifiedAt'> | null> {
  try {
    return await objects.get(key);
  } catch (error) {
    if (error instanceof ObjectTooLarge) return error;
    throw error;
  }
}

/** Lambda tries twice more. Check sends events that are unsent after that again, from the ledger. */
async function keepUntold(
  { ledger }: AlertPorts,
  events: readonly LedgerEvent[],
): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  for (const [id, own] of Map.groupBy(events, ({ certificate }) => certificate)) {
    if (id === null) continue;
    await ledger.update(id, (record) => withUntold(record, own)).catch((e) => failures.push(e));
  }
  return failures;
}

/** One failing channel does not affect the others; all are tried again, since the event has one mark. */
async function sendToAll(channels: readonly Channel[], message: Message): Promise<void> {
  const sent = await Promise.allSettled(channels.map((channel) => channel.send(message)));
  const failures = sent.filter((each) => each.status === 'rejected').map(({ reason }) => reason);
  throwAny(failures);
}
