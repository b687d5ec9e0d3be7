import { addMs, type Clock, minuteMs } from '#shared/clock.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { replicaIsBehind } from '#shared/finish/sync.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { flushOutbox, publishIfPossible } from '#shared/ledger/outbox.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record.ts';
import type { Log } from '#shared/log.ts';
import type { EventBus } from '#shared/work.ts';
import { issuedEvent } from './events.ts';
import { crossedThreshold, withExpiryTold } from './expiry.ts';

export type TellPorts = {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
};

/** Until then sync is at work, started by the issued event itself. */
const syncTakesMs = 10 * minuteMs;

/** Sends what people and replicas do not know yet: a threshold crossed, events left in the outbox, a copy behind. */
export async function tell(
  ports: TellPorts,
  certificate: CertificateConfig,
  record: CertificateRecord,
): Promise<void> {
  const { clock, config, ledger } = ports;
  const now = clock.now();
  const crossed = crossedThreshold(record, certificate, config.alerts.expiringDays, now);
  const told = crossed
    ? await ledger.update(record.id, (current) => withExpiryTold(current, crossed, now))
    : record;
  if (told.outbox.length > 0) await flushOutbox(ports, record.id);
  const version = desiredVersion(record);
  if (!version || addMs(new Date(version.issuedAt), syncTakesMs) >= now) return;
  if (config.replicas.every((region) => !replicaIsBehind(record, region))) return;
  await publishIfPossible(ports, record.id, [issuedEvent(record.id, version, null)]);
}
