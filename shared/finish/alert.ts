import type { ObjectStore } from '#shared/aws/object-store.ts';
import type { Clock } from '#shared/clock.ts';
import { errorMessage } from '#shared/errors.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { withUntold } from '#shared/ledger/outbox.ts';
import type { LedgerEvent } from '#shared/ledger/record.ts';
import type { Log } from '#shared/log.ts';
import type { Channel, Message } from './channels/channel.ts';
import { messageOf } from './message.ts';

export type AlertPorts = {
  readonly objects: Pick<ObjectStore, 'get' | 'putIf'>;
  readonly ledger: Pick<Ledger, 'update'>;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Log;
};

export type AlertOutcome = 'told' | 'already-told';

/**
 * Tells people of an event. Events arrive at least once; an id that was told is dropped. The mark is
 * written after the sending: dying in between tells twice, never not at all. What cannot be sent goes
 * back into the outbox.
 * @throws CertkeepError AlertNotSent
 */
export async function alert(ports: AlertPorts, event: LedgerEvent): Promise<AlertOutcome> {
  const mark = `alerts/${event.certificate}/${event.id}`;
  const fields = { stage: 'alert', certificate: event.certificate, event: event.id } as const;
  if (await ports.objects.get(mark)) {
    ports.log.info('event was told before', { ...fields, outcome: 'already-told' });
    return 'already-told';
  }
  try {
    await sendToAll(ports.channels, messageOf(event));
  } catch (error) {
    await keepUntold(ports, event, error);
    throw error;
  }
  await ports.objects.putIf(mark, ports.clock.now().toISOString(), null);
  ports.log.info('event told', { ...fields, outcome: 'told' });
  return 'told';
}

/** Lambda tries twice more. What is untold after that, check sends again out of the ledger. */
async function keepUntold(ports: AlertPorts, event: LedgerEvent, error: unknown): Promise<void> {
  try {
    await ports.ledger.update(event.certificate, (record) => withUntold(record, event));
  } catch (ledgerError) {
    const both = [error, ledgerError];
    throw new AggregateError(both, both.map(errorMessage).join('; '));
  }
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
