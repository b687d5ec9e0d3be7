import { nextStart } from '#shared/acquire/renewal/renewal-time.ts';
import type { Situation } from '#shared/acquire/renewal/rules.ts';
import type { Cause } from './cause.ts';

/** `2026-12-20`. */
export function day(at: Date | string): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** `a new certificate, with a new key, at the next check`. */
export function orderText({ order }: Pick<Cause, 'order'>, what = 'a new certificate'): string {
  if (!order) return '';
  const key = order.takesNewKey ? 'with a new key' : 'with the same key';
  return `${what}, ${key}, ${order.heldUntil ? `on ${day(order.heldUntil)}` : 'at the next check'}`;
}

/** `the next renewal (2027-01-12)`. */
export function renewalText({ situation }: Pick<Cause, 'situation'>): string {
  const at = renewalOf(situation);
  return at === null ? 'the first certificate' : `the next renewal (${day(at)})`;
}

/** When the next renewal may start, now where that is past; null before the first certificate. */
export function renewalOf({ certificate, now, record }: Situation): Date | null {
  const start = nextStart(record, certificate);
  if (!start) return null;
  return start > now ? start : now;
}
