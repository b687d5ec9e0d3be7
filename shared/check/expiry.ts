import { expiringEvent } from '#shared/acquire/events.ts';
import { nextStart } from '#shared/acquire/renewal/renewal-time.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import {
  type CertificateRecord,
  desiredVersion,
  type Version,
} from '#shared/ledger/record/record.ts';
import { dayMs } from '#shared/time/clock.ts';

export type Crossing = {
  readonly versionId: string;
  readonly days: number;
  /** The version as it was looked at, which the record may contradict (acquire/store/as-certified.ts). */
  readonly version: Version;
};

/**
 * Returns the lowest threshold (days before the end) that was crossed and not reported, including the end itself. Crossing
 * counts, not an exact match: a day without a run loses nothing.
 */
export function crossedThreshold(
  record: CertificateRecord,
  certificate: Pick<CertificateConfig, 'renewBeforeDays' | 'maintenance'>,
  thresholds: readonly number[],
  now: Date,
): Crossing | null {
  const version = desiredVersion(record);
  const start = nextStart(record, certificate);
  if (!version || !start || now < start) return null;
  const left = daysLeft(version, now);
  const startDays = daysLeft(version, start);
  // A threshold that passes before a renewal may start says nothing about it; the end itself always does.
  const telling = [...thresholds.filter((days) => days < startDays), 0];
  const crossed = telling.filter((days) => left <= days);
  if (crossed.length === 0) return null;
  const days = Math.min(...crossed);
  const told = record.expiryTold?.versionId === version.id ? record.expiryTold.days : null;
  // A threshold that was not crossed was not reported, whatever the record says.
  if (told !== null && left <= told && told <= days) return null;
  return { versionId: version.id, days, version };
}

export function withExpiryTold(
  record: CertificateRecord,
  { days, version, versionId }: Crossing,
  now: Date,
): CertificateRecord {
  if (desiredVersion(record)?.id !== versionId) return record;
  return withEvent(
    { ...record, expiryTold: { versionId, days } },
    expiringEvent(record.id, version, days, daysLeft(version, now), now),
  );
}

function daysLeft(version: { readonly notAfter: string }, now: Date): number {
  return (Date.parse(version.notAfter) - now.getTime()) / dayMs;
}
