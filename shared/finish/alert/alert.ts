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
  /** Of what no record holds. */
  readonly announcements: readonly Pick<Announcements, 'read'>[];
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Log;
};

/** How many events were told, known already, not held by the ledger, and given back to it for another run. */
export type AlertOutcome = {
  readonly told: number;
  readonly known: number;
  readonly unheld: number;
  readonly left: number;
};

type Told = 'told' | 'already-told' | 'not-held';

/** SNS takes hundreds of messages a second (https://docs.aws.amazon.com/general/latest/gr/sns.html). */
const atOnce = 8;
/** What begins by then ends in time. */
const beginsWithinMs = 60 * secondMs;

/**
 * Tells people of events, each by itself, as far as the ledger holds them: whoever puts one on the bus, or starts the
 * function with one, tells nothing that certkeep has not written down. Events arrive at least once; an id that was told is dropped. The mark is
 * written after the sending: dying in between tells twice, never not at all. What cannot be sent, or is too
 * much for this run, goes back into the outbox; what has none is told first, and Lambda's retries are left to it.
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
function markOf({ certificate, id }: LedgerEvent): string {
  return `alerts/${certificate ?? '_installation'}/${id}`;
}

type Holder = (event: LedgerEvent) => Promise<LedgerEvent | null>;

/** What the ledger holds of an event; each object is read once a run. */
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

/** What can be no id has no record. */
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
  // Last, right before it is sent: two runs may have the same event.
  const known = await markAt(ports.objects, mark);
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
  await ports.objects.putIf(mark, ports.clock.now().toISOString(), known?.etag ?? null);
  ports.log.info('event told', { ...fields, outcome: 'told' });
  return 'told';
}

/** One that is too large to be read is there as well. */
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

/** Lambda tries twice more. What is untold after that, check sends again out of the ledger. */
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

/** One that fails keeps no other from being told; all are tried again, since the event has one mark. */
async function sendToAll(channels: readonly Channel[], message: Message): Promise<void> {
  const sent = await Promise.allSettled(channels.map((channel) => channel.send(message)));
  const failures = sent.filter((each) => each.status === 'rejected').map(({ reason }) => reason);
  throwAny(failures);
}
