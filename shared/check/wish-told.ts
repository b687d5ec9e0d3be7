import { wishTooLongEvent } from '#shared/acquire/events.ts';
import { isWishTooLong, lifetimeOf } from '#shared/acquire/renewal/renewal-time.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { dayMs } from '#shared/time/clock.ts';

/** The certificate in service shows its lifetime: a wish that is about as long is not followed, and reported once. */
export function withWishTold(
  record: CertificateRecord,
  certificate: Pick<CertificateConfig, 'renewBeforeDays'>,
  now: Date,
): CertificateRecord {
  const version = desiredVersion(record);
  const { renewBeforeDays } = certificate;
  if (!version || renewBeforeDays === undefined) return record;
  if (!isWishTooLong(version, certificate) || record.wishTold === renewBeforeDays) return record;
  return withEvent(
    { ...record, wishTold: renewBeforeDays },
    wishTooLongEvent(record.id, version, {
      renewBeforeDays,
      livesDays: lifetimeOf(version) / dayMs,
      now,
    }),
  );
}
