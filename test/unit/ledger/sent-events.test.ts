import { expect, test } from 'vitest';
import { digestOf, isAmong, withSent } from '#shared/ledger/outbox/sent-events.ts';
import type { LedgerEvent, SentEvent } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { now } from '#test/support/healthy.ts';

function event(id: string): LedgerEvent {
  const at = now.toISOString();
  const details = { b: 1, a: null };
  return { id, type: 'failed', at, certificate: 'shop', severity: 'warning', summary: id, details };
}

test('an event is known by all that it says, whatever the order', () => {
  const { details: _, ...rest } = event('e1');
  expect(digestOf({ details: { a: null, b: 1 }, ...rest })).toBe(digestOf(event('e1')));
  const sent = withSent([], [event('e1')], now);
  expect(isAmong(sent, event('e1'))).toBe(true);
  expect(isAmong(sent, { ...event('e1'), details: { a: null, b: 2 } })).toBe(false);
  // A newer release may add fields, which are part of what it says.
  expect(isAmong(sent, { ...event('e1'), more: 'x' } as LedgerEvent)).toBe(false);
});

test('all of a day are kept, and a thousand of the ninety days before', () => {
  const days = (count: number) => addMs(now, count * dayMs);
  let sent: readonly SentEvent[] = [];
  for (let day = 0; day < 20; day += 1) {
    sent = withSent(
      sent,
      Array.from({ length: 100 }, (_, n) => event(`${day}-${n}`)),
      days(day),
    );
  }
  expect(sent).toHaveLength(1_100);
  const many = Array.from({ length: 2_000 }, (_, n) => event(`many-${n}`));
  sent = withSent(sent, many, days(20));
  expect(many.every((each) => isAmong(sent, each))).toBe(true);
  expect(withSent(sent, [event('last')], addMs(days(20), hourMs)).length).toBeGreaterThan(2_000);
  expect(withSent(sent, [event('last')], days(111))).toHaveLength(1);
});
