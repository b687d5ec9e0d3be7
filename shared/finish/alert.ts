import type { ObjectStore } from '#shared/aws/object-store.ts';
import { addMs, type Clock, secondMs } from '#shared/clock.ts';
import { errorMessage } from '#shared/errors.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { withUntold } from '#shared/ledger/outbox.ts';
import type { LedgerEvent } from '#shared/ledger/record.ts';
import type { Log } from '#shared/log.ts';
import type { Channel, Message } from './channels/channel.ts';
import { isForetold } from './foretold.ts';
import { messageOf } from './message.ts';
import { workedOff } from './worked-off.ts';

export type AlertPorts = {
  readonly objects: Pick<ObjectStore, 'get' | 'putIf'>;
  readonly ledger: Pick<Ledger, 'update'>;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Log;
};

/** How many events were told, known already, and given back to the ledger for another run. */
export type AlertOutcome = { readonly told: number; readonly known: number; readonly left: number };

/** SNS takes hundreds of messages a second (https://docs.aws.amazon.com/general/latest/gr/sns.html). */
const atOnce = 8;
/** What begins by then ends in time. */
const beginsWithinMs = 60 * secondMs;

/**
 * Tells people of events, each by itself. Events arrive at least once; an id that was told is dropped. The mark is
 * written after the sending: dying in between tells twice, never not at all. What cannot be sent, or is too
 * much for this run, goes back into the outbox; what has none is told first, and Lambda's retries are left to it.
 * @throws CertkeepError AlertNotSent, after every event was tried
 */
export async function alert(
  ports: AlertPorts,
  events: readonly LedgerEvent[],
): Promise<AlertOutcome> {
  const outcomes: ('told' | 'already-told')[] = [];
  const failures: unknown[] = [];
  const untold: LedgerEvent[] = [];
  const inOrder = [...events].sort((a, b) => rank(a) - rank(b));
  const limits = { atOnce, until: addMs(ports.clock.now(), beginsWithinMs), clock: ports.clock };
  const left = await workedOff(inOrder, limits, async (event) => {
    try {
      outcomes.push(await tell(ports, event));
    } catch (error) {
      failures.push(error);
      untold.push(event);
    }
  });
  failures.push(...(await keepUntold(ports, [...untold, ...left])));
  const lost = left.filter(({ certificate }) => certificate === null);
  if (lost.length > 0) failures.push(new Error(`${lost.length} events have to wait for a retry`));
  if (failures.length > 1) {
    throw new AggregateError(failures, failures.map(errorMessage).join('; '));
  }
  if (failures.length === 1) throw failures[0];
  const told = outcomes.filter((each) => each === 'told').length;
  return { told, known: outcomes.length - told, left: left.length };
}

/** No outbox would take it back. */
function rank({ certificate }: LedgerEvent): number {
  return certificate === null ? 0 : 1;
}

/** The id of a certificate has no underscore. */
function markOf({ certificate, id }: LedgerEvent): string {
  return `alerts/${certificate ?? '_installation'}/${id}`;
}

async function tell(ports: AlertPorts, event: LedgerEvent): Promise<'told' | 'already-told'> {
  const mark = markOf(event);
  const fields = {
    stage: 'alert',
    ...(event.certificate !== null && { certificate: event.certificate }),
    event: event.id,
  } as const;
  const known = await ports.objects.get(mark);
  if (known && !isForetold(event, known.modifiedAt)) {
    ports.log.info('event was told before', { ...fields, outcome: 'already-told' });
    return 'already-told';
  }
  await sendToAll(ports.channels, messageOf(event));
  await ports.objects.putIf(mark, ports.clock.now().toISOString(), known?.etag ?? null);
  ports.log.info('event told', { ...fields, outcome: 'told' });
  return 'told';
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
  if (failures.length > 1) {
    throw new AggregateError(failures, failures.map(errorMessage).join('; '));
  }
  if (failures.length === 1) throw failures[0];
}
