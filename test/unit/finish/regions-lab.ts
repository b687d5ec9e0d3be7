import type { CertificateRecord, Replica } from '#shared/ledger/record/record.ts';
import { addMs } from '#shared/time/clock.ts';
import { configWith, healthy, inDays, now, versionOf, wanted } from '#test/support/healthy.ts';

export const region = 'eu-west-1';

/** A configuration of so many certificates with a copy in one region. */
export function fleetOf(count: number) {
  const ids = Array.from({ length: count }, (_, n) => `c${n}`);
  return configWith({ replicas: [region], certificates: ids.map((id) => wanted({ id })) });
}

/** A record whose version the region holds, unless told otherwise. */
export function replicated(
  id: string,
  change: Partial<Replica> | null = {},
  issuedAt = inDays(-10),
): CertificateRecord {
  const versions = [versionOf({ issuedAt: issuedAt.toISOString() })];
  const seen = { versionId: 'v1', syncedAt: now.toISOString(), secretInSync: true, reason: null };
  return healthy({ id, versions, replicas: change ? { [region]: { ...seen, ...change } } : {} });
}

export function minutesLater(minutes: number): Date {
  return addMs(now, minutes * 60_000);
}
