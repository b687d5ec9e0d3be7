import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { EventBus } from '#shared/ledger/outbox/event-bus.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Clock } from '#shared/time/clock.ts';
import { type Crossing, crossedThreshold, withExpiryTold } from './expiry.ts';
import { withStillUsedTold } from './still-used.ts';
import { withWishTold } from './wish-told.ts';

export type TellPorts = {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly bus: EventBus;
  readonly clock: Clock;
};

/**
 * Adds what people do not know yet to the record's outbox: a crossed threshold, an earlier ARN that is still used, and a
 * wish that is not followed.
 */
export async function tell(
  { clock, config, ledger }: TellPorts,
  certificate: CertificateConfig,
  record: CertificateRecord,
): Promise<CertificateRecord> {
  const now = clock.now();
  const crossed = crossedThreshold(record, certificate, config.alerts.expiringDays, now);
  const told = (current: CertificateRecord) =>
    toldOf(config, certificate, current, { crossed, now });
  return told(record) === record ? record : ledger.update(record.id, told);
}

/** Returns the same record where people know everything. Pure. */
export function withTold(
  config: Config,
  certificate: CertificateConfig,
  record: CertificateRecord,
  now: Date,
): CertificateRecord {
  const crossed = crossedThreshold(record, certificate, config.alerts.expiringDays, now);
  return toldOf(config, certificate, record, { crossed, now });
}

function toldOf(
  { alerts }: Config,
  certificate: CertificateConfig,
  record: CertificateRecord,
  { crossed, now }: { readonly crossed: Crossing | null; readonly now: Date },
): CertificateRecord {
  const expiring = crossed ? withExpiryTold(record, crossed, now) : record;
  const still = withStillUsedTold(expiring, alerts.expiringDays, now);
  return withWishTold(still, certificate, now);
}
