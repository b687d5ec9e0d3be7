import { afterEach, describe, expect, test } from 'vitest';
import type { BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { type FleetStage, fleetStage } from '#test/support/fleet-stage.ts';
import { isFull } from '#test/support/full.ts';
import { refusing } from '#test/support/two-cas.ts';

/** As at Let's Encrypt; `npm test` plays a twentieth of the certificates, and of the orders. */
const share = isFull ? 1 : 1 / 20;
const count = 1_000 * share;
const limits = {
  orders: { count: 300 * share, perMs: 3 * hourMs },
  certificatesPerDomain: { count: 50, perMs: 7 * dayMs },
  certificatesPerNames: { count: 5, perMs: 7 * dayMs },
  failuresPerName: { count: 5, perMs: hourMs },
  sparesRenewals: true,
};
const timeout = 900_000;
const tickMs = 10 * minuteMs;

let stage: FleetStage;
afterEach(() => stage?.close());

function certificates(howMany: number, domains: number) {
  return Array.from({ length: howMany }, (_, at) => {
    const domain = `d${at % domains}.example`;
    return { id: `c${at}`, names: [`n${at}.${domain}`], domains: [domain] };
  });
}

/** Checks every ten minutes until that many versions are there, at most so long. */
async function liveUntil(versions: number, mostMs: number): Promise<Date> {
  const start = stage.clock.now();
  const end = addMs(start, mostMs);
  while ((await stage.versions()) < versions && stage.clock.now() < end) {
    await stage.run();
    // The schedule does not wait for what it has sent.
    const sinceTick = (stage.clock.now().getTime() - start.getTime()) % tickMs;
    stage.clock.advance(tickMs - sinceTick);
  }
  return stage.clock.now();
}

describe('on an account limited as at Let’s Encrypt', () => {
  test('all certificates due at once are issued, and renewed, in time, and no limit is hit', {
    timeout,
  }, async () => {
    stage = await fleetStage(certificates(count, count / 4), {
      ca: { limits },
      issuer: { limits },
    });
    const planned = await stage.plan(7);
    expect(planned).toHaveLength(count);
    const finished = await liveUntil(count, dayMs);
    expect(await stage.versions()).toBe(count);
    // 270 at once and one every 36 seconds; a check comes every ten minutes.
    const last = new Date(planned.at(-1)?.planned ?? '');
    expect(finished.getTime() - last.getTime()).toBeLessThanOrEqual(2 * tickMs);

    // Nobody asks for renewal information: a third before the end is the time of them all.
    stage.clock.advance(61 * dayMs);
    await liveUntil(2 * count, 8 * hourMs);
    expect(await stage.versions()).toBe(2 * count);
    expect(stage.ca.limitRefusals()).toBe(0);
    const { orders } = stage.ca.ledger();
    expect(orders.map(({ finalizedTimes }) => finalizedTimes)).toEqual(Array(2 * count).fill(1));
  });

  test('more certificates of one domain than a week allows wait for their turn, as planned', async () => {
    const few = { ...limits, certificatesPerDomain: { count: 10, perMs: 7 * dayMs } };
    stage = await fleetStage(certificates(14, 1), { ca: { limits: few }, issuer: { limits: few } });
    const planned = await stage.plan(10);
    const lastPlanned = new Date(planned.at(-1)?.planned ?? '');
    expect(planned.at(-1)?.waitsFor).toBe('10 certificates for names below d0.example in 7 days');
    await stage.run();
    expect(await stage.versions()).toBe(9);
    stage.clock.advance(lastPlanned.getTime() - stage.clock.now().getTime() - hourMs);
    for (let checks = 0; checks < 4; checks += 1) await stage.run();
    expect(await stage.versions()).toBe(13);
    stage.clock.advance(2 * hourMs);
    await stage.run();
    expect(await stage.versions()).toBe(14);
    expect(stage.ca.limitRefusals()).toBe(0);
  });
});

test('a name that cannot be validated is not tried more often than the CA allows', async () => {
  stage = await fleetStage(
    [
      { id: 'one', names: ['www.d0.example'], domains: ['d0.example'] },
      { id: 'two', names: ['www.d0.example', 'd0.example'], domains: ['d0.example'] },
    ],
    { ca: { limits, authzReuse: false }, issuer: { limits }, retryDelaysMs: [minuteMs] },
  );
  stage.publishNothing();
  for (let minutes = 0; minutes < 90; minutes += 3) {
    await stage.run();
    stage.clock.advance(3 * minuteMs);
  }
  const failed = stage.ca.ledger().orders.filter(({ status }) => status === 'invalid');
  // Five at once, and one more every twelve minutes.
  expect(failed.length).toBeGreaterThan(5);
  expect(failed.length).toBeLessThanOrEqual(5 + 90 / 12);
  expect(stage.ca.limitRefusals()).toBe(0);
});

test('one refusal teaches all certificates what another user of a limit has used up', async () => {
  stage = await fleetStage(certificates(5, 5), {
    ca: { limits: { orders: { count: 2, perMs: hourMs } } },
    // Of which somebody else has used up two.
    issuer: { limits: { orders: { count: 4, perMs: 2 * hourMs } } },
  });
  for (let checks = 0; checks < 3; checks += 1) {
    await stage.run();
    stage.clock.advance(5 * minuteMs);
  }
  expect(await stage.versions()).toBe(2);
  const refusals = stage.ca.limitRefusals();
  // Those that were under way beside the first.
  expect(refusals).toBeGreaterThan(0);
  expect(refusals).toBeLessThanOrEqual(2);
  stage.clock.advance(20 * minuteMs);
  await stage.run();
  expect(await stage.versions()).toBe(3);
  expect(stage.ca.limitRefusals()).toBe(refusals);
});

test.each([
  ['is counted as a certificate for its names', false, ['certificatesPerNames']],
  ['is a renewal where the CA sees no replacement in it', true, ['certificatesPerNames']],
])('an order that the CA advised %s', async (_, isRefused, usedUp) => {
  stage = await fleetStage(certificates(1, 1), { ca: { limits }, issuer: { limits } });
  await stage.run();
  stage.clock.advance(40 * dayMs);
  const { serial } = (await stage.record('c0')).versions[0] ?? expect.unreachable();
  const [start, end] = [-hourMs, dayMs].map((ms) => addMs(stage.clock.now(), ms).toISOString());
  stage.ca.tellRenewalInfo(serial, { body: { suggestedWindow: { start, end } } });
  const refusal = refusing('newOrder', { type: 'alreadyReplaced', status: 409 });
  if (isRefused) {
    const when = (request: Parameters<typeof refusal.when>[0]) =>
      refusal.when(request) && request.payload?.replaces !== undefined;
    stage.ca.misbehaviour.add({ ...refusal, when });
  }
  // The time that is chosen may be the last of the window.
  for (let hours = 0; hours <= 24 && (await stage.versions()) < 2; hours += 1) {
    await stage.run();
    stage.clock.advance(hourMs);
  }
  expect(await stage.versions()).toBe(2);
  expect(await stage.usedUp()).toEqual(usedUp);
});

/** Takes what the first order costs, and nothing after it. */
function closing(count: () => void): (book: BudgetBook) => BudgetBook {
  let updates = 0;
  return (book) => ({
    ...book,
    async update(directory, change) {
      count();
      updates += 1;
      if (updates > 1) throw new Error('the book is closed');
      return book.update(directory, change);
    },
  });
}

test('a refusal that teaches nothing is still shown', async () => {
  let updates = 0;
  stage = await fleetStage(certificates(1, 1), {
    issuer: { limits: { orders: { count: 4, perMs: 2 * hourMs } } },
    budgetBook: closing(() => (updates += 1)),
  });
  const detail = 'too many new orders (300) from this account in the last 3h0m0s';
  const limited = { type: 'rateLimited', status: 429, detail };
  stage.ca.misbehaviour.add(refusing('newOrder', limited, { 'retry-after': '3600' }));
  await stage.run();
  expect(updates).toBe(2);
  expect((await stage.record('c0')).acquireFailure).toMatchObject({ error: 'IssuerRateLimited' });
});

test('why a validation failed is not hidden where it cannot be counted', async () => {
  let updates = 0;
  stage = await fleetStage(certificates(1, 1), {
    issuer: { limits: { failuresPerName: { count: 5, perMs: hourMs } } },
    budgetBook: closing(() => (updates += 1)),
  });
  stage.publishNothing();
  await stage.run();
  expect(updates).toBe(2);
  expect((await stage.record('c0')).acquireFailure).toMatchObject({
    error: 'OrderInvalid',
    message: expect.stringContaining('No TXT record found'),
  });
});
