import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { left, refillMs } from './bucket.ts';
import type { Buckets } from './budget-book.ts';
import type { Charge } from './charges.ts';

/** `1 of 5 certificates for exactly these names (2 left, one more every 34 hours)`. */
export function costText(charge: Charge, buckets: Buckets, now: Date): string {
  const { key, limit, of } = charge;
  const share = `1 of ${limit.count} ${of}`;
  return `${share} (${left(buckets[key], limit, now)} left, one more every ${spanText(refillMs(limit))})`;
}

export function limitText({ limit, of }: Charge): string {
  return `${limit.count} ${of} in ${spanText(limit.perMs)}`;
}

function spanText(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['days', dayMs],
    ['hours', hourMs],
    ['minutes', minuteMs],
  ];
  const [unit, unitMs] = units.find(([, each]) => ms >= 2 * each) ?? ['seconds', 1_000];
  return `${Math.round(ms / unitMs)} ${unit}`;
}
