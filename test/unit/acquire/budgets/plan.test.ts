import { expect, test } from 'vitest';
import { type Candidate, planOrders } from '#shared/check/orders/order-schedule.ts';
import { afterOne } from '#shared/rate-limits/bucket.ts';
import type { Charge } from '#shared/rate-limits/charges.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { inDays, now } from '#test/support/healthy.ts';

const ca = 'https://ca.example/directory';
const charge = (kind: Charge['kind'], subject: string, count: number, perMs: number): Charge => ({
  key: `${kind}:${subject}`,
  kind,
  limit: { count, perMs },
  of: kind,
});
const orders = charge('orders', 'le', 20, 2 * hourMs);

function candidate(certificate: string, change: Partial<Candidate> = {}): Candidate {
  return {
    certificate,
    directory: ca,
    charges: [orders],
    urgency: 'wanted',
    endsAt: inDays(30).toISOString(),
    from: now,
    ...change,
  };
}

const many = (count: number, change: Partial<Candidate> = {}) =>
  Array.from({ length: count }, (_, at) => candidate(`c${String(at).padStart(4, '0')}`, change));

function planned(candidates: readonly Candidate[], days = 7, taken = 0) {
  let bucket: number | undefined;
  for (let one = 0; one < taken; one += 1) bucket = afterOne(bucket, orders.limit, now);
  const books = new Map([[ca, { [orders.key]: bucket }]]);
  return planOrders(candidates, books, { now, until: inDays(days) });
}

const goNow = (candidates: readonly Candidate[], taken = 0) =>
  planned(candidates, 0, taken)
    .filter(({ at }) => at)
    .map(({ candidate: { certificate } }) => certificate);

test('a tenth of what all share is kept back from what can wait', () => {
  expect(goNow(many(30))).toHaveLength(18);
  expect(goNow(many(30, { urgency: 'routine' }))).toHaveLength(18);
  expect(goNow(many(30, { urgency: 'urgent' }))).toHaveLength(20);
});

test('the most urgent goes first, then what ends first', () => {
  const candidates = [
    candidate('routine', { urgency: 'routine', endsAt: inDays(1).toISOString() }),
    candidate('late', { endsAt: inDays(20).toISOString() }),
    candidate('soon', { endsAt: inDays(10).toISOString() }),
    candidate('missing', { endsAt: null }),
    candidate('revoked', { urgency: 'urgent', endsAt: inDays(80).toISOString() }),
  ];
  expect(goNow(candidates)).toEqual(['revoked', 'missing', 'soon', 'late', 'routine']);
  expect(goNow(candidates, 17)).toEqual(['revoked']);
});

test('a missing certificate goes before one that ends, whatever they are called', () => {
  const candidates = [candidate('a'), candidate('missing', { endsAt: null })];
  expect(goNow(candidates)).toEqual(['missing', 'a']);
  expect(goNow(candidates.toReversed())).toEqual(['missing', 'a']);
});

test('orders that are needed equally go by the name of the certificate', () => {
  const candidates = [candidate('b'), candidate('a')];
  expect(goNow(candidates)).toEqual(['a', 'b']);
  expect(goNow(candidates.toReversed())).toEqual(['a', 'b']);
});

test('one that waits for its own limit does not keep others from theirs', () => {
  const domain = charge('certificatesPerDomain', 'example.com', 1, dayMs);
  const one = candidate('a', { charges: [orders, domain] });
  const same = candidate('b', { charges: [orders, domain] });
  const other = candidate('c');
  const [first, third, second] = planned([one, same, other]);
  expect([first?.candidate, third?.candidate, second?.candidate]).toEqual([one, other, same]);
  expect(second?.at?.getTime()).toBeGreaterThanOrEqual(addMs(now, dayMs).getTime());
  expect(second?.waitsFor?.charge).toBe(domain);
});

test('failed validations are waited for and not used up', () => {
  const failures = charge('failuresPerName', 'www.example.com', 1, hourMs);
  const charges = [failures];
  expect(goNow([candidate('a', { charges }), candidate('b', { charges })])).toEqual(['a', 'b']);
});

test('an order that is not due yet waits for its time', () => {
  const from = addMs(now, 3 * dayMs + minuteMs);
  const [only] = planned([candidate('a', { from })]);
  expect(only?.at?.getTime()).toBe(addMs(now, 3 * dayMs + 10 * minuteMs).getTime());
});

test('an order that gets no turn in time says what it waits for', () => {
  const domain = charge('certificatesPerDomain', 'example.com', 2, 14 * dayMs);
  const result = planned(many(3, { charges: [domain] }));
  expect(result.map(({ at }) => at !== null)).toEqual([true, true, false]);
  expect(result[2]?.waitsFor?.until.getTime()).toBeGreaterThan(inDays(7).getTime());
});

test('1,000 orders at once each get their turn, evenly, and never exceed the limit', () => {
  const large = charge('orders', 'le', 300, 3 * hourMs);
  const times = planned(many(1_000, { charges: [large] })).map(({ at }) => at?.getTime() ?? 0);
  expect(times.filter((at) => at === now.getTime())).toHaveLength(270);
  for (const start of new Set(times)) {
    const within = times.filter((at) => at >= start && at < start + 3 * hourMs);
    // As much as a full bucket, and what comes back meanwhile.
    expect(within.length).toBeLessThanOrEqual(600);
  }
  expect(Math.max(...times) - now.getTime()).toBeLessThanOrEqual(7.5 * hourMs);
});
