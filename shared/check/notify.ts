import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { EventBus } from '#shared/ledger/outbox/event-bus.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Clock } from '#shared/time/clock.ts';
import { crossedThreshold, withExpiryTold } from './expiry.ts';
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
  const { expiringDays } = config.alerts;
  const crossed = crossedThreshold(record, certificate, expiringDays, now);
  const withTold = (current: CertificateRecord) => {
    const expiring = crossed ? withExpiryTold(current, crossed, now) : current;
    const still = withStillUsedTold(expiring, expiringDays, now);
    return withWishTold(still, certificate, now);
  };
  return withTold(record) === record ? record : ledger.update(record.id, withTold);
}
