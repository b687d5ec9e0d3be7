import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, minuteMs } from '#shared/time/clock.ts';

/** Clocks differ by less. */
const skewMs = minuteMs;

/**
 * Says whether the mark of an event was written before the event could have been: the ids of expiry events are predictable,
 * and a forged mark would keep the end of a certificate from people.
 */
export function isForetold({ details, type }: LedgerEvent, markedAt: Date | undefined): boolean {
  const { notAfter, threshold } = details;
  if (type !== 'expiring' || !markedAt) return false;
  if (typeof notAfter !== 'string' || typeof threshold !== 'number') return false;
  const crossedAt = addMs(new Date(notAfter), -threshold * dayMs);
  return addMs(markedAt, skewMs) < crossedAt;
}
