import { expect, test } from 'vitest';
import { plannedOrders } from '#cli/see/plan/answer.ts';
import { exitCodeOf, nothingDue, planPage } from '#cli/see/plan/page.ts';
import { plainPaint } from '#cli/text/paint.ts';
import type { PlanLine } from '#shared/check/forecast.ts';
import { fleetStatus } from '#test/support/fleet-status.ts';
import { inDays, now } from '#test/support/healthy.ts';

const look = { now, width: 80, paint: plainPaint };

/** An order that is made in two days, and takes of one limit. */
function orderOf(change: Partial<PlanLine> = {}): PlanLine {
  return {
    ...{ certificate: 'shop', issuer: 'letsencrypt', reason: 'expires in 30 days' },
    ...{ takes: ['5 certificates for exactly these names in 7 days'], endsAt: at(32) },
    ...{ wanted: at(2), planned: at(2), waitsFor: null, isLate: false },
    ...change,
  };
}

function at(days: number): string {
  return inDays(days).toISOString();
}

test('orders stand below their day, each with its reason and the limits that it takes', () => {
  const orders = [
    orderOf({ wanted: at(-1), planned: at(0), reason: 'names changed: +a.example.com' }),
    orderOf({ certificate: 'blog', takes: [], reason: `the CA advises it from ${at(2)} on` }),
    orderOf({
      takes: ['300 orders in 3 hours', '50 certificates for names below a.test in 7 days'],
    }),
  ];
  expect(planPage(orders, 30, look)).toEqual([
    '3 orders are due within 30 days',
    'UTC    ID    ISSUER       WHY',
    '',
    'Sun 22 Nov 2026',
    '03:00  shop  letsencrypt  names changed: +a.example.com',
    '       takes 1 of 5 certificates for exactly these names in 7 days',
    '',
    'Tue 24 Nov 2026',
    '03:00  blog  letsencrypt  then the CA advises it from 24 Nov on',
    '03:00  shop  letsencrypt  then expires in 30 days',
    '       takes 1 of 300 orders in 3 hours, 1 of 50 certificates for names below',
    '       a.test in 7 days',
  ]);
  expect(exitCodeOf(orders)).toBe(0);
});

test('an order whose turn comes after the days waits for a limit, and one that comes too late needs somebody', () => {
  const waiting = { takes: [], planned: null, waitsFor: '50 orders in 7 days' };
  const orders = [orderOf(waiting), orderOf({ ...waiting, endsAt: at(3), isLate: true })];
  expect(planPage(orders, 1, look)).toEqual([
    '2 orders are due within 1 day, 1 too late',
    'UTC    ID    ISSUER       WHY',
    '',
    'After 1 day',
    '-      shop  letsencrypt  then expires in 30 days',
    '       waits for its turn: 50 orders in 7 days',
    '-      shop  letsencrypt  then expires in 30 days',
    '       waits for its turn: 50 orders in 7 days',
    '       too late: its certificate ends 2026-11-25 03:00 UTC',
  ]);
  expect(exitCodeOf(orders.slice(0, 1))).toBe(0);
  expect(exitCodeOf(orders)).toBe(1);
});

test('what check could not read stands last, and needs somebody', () => {
  const unread = orderOf({
    ...{ reason: 'not planned: LedgerUnreadable: \u001b[2J', takes: [], planned: null },
    ...{ wanted: at(0), endsAt: null },
  });
  const page = planPage([orderOf(), unread], 30, look);
  expect(page[0]).toBe('1 order is due within 30 days');
  expect(page.slice(-2)).toEqual([
    'Not planned',
    '-      shop  letsencrypt  not planned: LedgerUnreadable: \\u{1b}[2J',
  ]);
  expect(exitCodeOf([unread])).toBe(1);
});

test('no line is wider than the terminal', () => {
  const long = 'x'.repeat(40);
  const order = orderOf({ certificate: long, issuer: long, reason: `${long} `.repeat(4) });
  const [, head, , , line = ''] = planPage([order], 30, look);
  expect(head).toContain('WHY');
  expect(line.length).toBe(80);
  expect(line).toContain('…');
});

test('where nothing is due it names the first that will be', () => {
  const status = fleetStatus({ shop: [], blog: [] });
  const [shop, blog] = status.certificates.map((each) => ({ ...each }));
  if (!shop || !blog) expect.unreachable('both are there');
  const renewing = (renews: readonly (string | null)[]) => ({
    ...status,
    certificates: [shop, blog].map((each, index) => ({ ...each, renewsAt: renews[index] ?? null })),
  });
  expect(nothingDue(renewing([at(50), at(47)]), 30, now)).toBe(
    `nothing is due within 30 days; the first is ${blog.id} on 8 Jan`,
  );
  expect(nothingDue(renewing([null, null]), 1, now)).toBe('nothing is due within 1 day');
});

test('the answer of an older release is read, and what is none is said', () => {
  const { endsAt: _, takes: __, ...older } = orderOf();
  expect(plannedOrders([older])).toEqual([{ ...older, takes: [], endsAt: null }]);
  expect(() => plannedOrders([{ certificate: 'shop' }])).toThrow('cannot be read');
});
