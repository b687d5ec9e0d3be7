import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import type { Acquisition } from '#shared/acquire/acquisition.ts';
import { pollOrder } from '#shared/acquire/order/order.ts';
import type { Order } from '#shared/issuers/issuer.ts';
import { addMs, dayMs, minuteMs, secondMs } from '#shared/time/clock.ts';

/** The times at which an order is looked at that is decided with the last look, in seconds; the CA asks for this wait. */
async function looksAt(count: number, askedMs: number | null, pollMs = 4 * secondMs) {
  const clock = virtualClock();
  const begun = clock.now().getTime();
  const times: number[] = [];
  const order = (status: Order['status']) =>
    ({ status, retryAfter: askedMs === null ? null : addMs(clock.now(), askedMs) }) as Order;
  const issuer = {
    async order() {
      times.push((clock.now().getTime() - begun) / secondMs);
      return order(times.length < count ? 'pending' : 'ready');
    },
  };
  const waitUntil = addMs(clock.now(), 10 * minuteMs);
  const acquisition = { clock, issuer, pollMs, waitUntil } as unknown as Acquisition;
  await pollOrder(acquisition, order('pending'), ['pending']);
  return times;
}

test('a CA that does not say when to look is looked at soon, and then less and less', async () => {
  expect(await looksAt(6, null)).toEqual([0.06, 1.06, 3.06, 7.06, 11.06, 15.06]);
});

test('no wait is longer than the usual one', async () => {
  expect(await looksAt(4, null, 25)).toEqual([0.025, 0.05, 0.075, 0.1]);
});

test('a CA that says when to look is obeyed, be it sooner or later than usual', async () => {
  expect(await looksAt(5, secondMs)).toEqual([1, 2, 3, 4, 5]);
  expect(await looksAt(3, 10 * secondMs)).toEqual([10, 20, 30]);
});

test('it is obeyed also where time passes between its answer and the wait', async () => {
  const clock = virtualClock();
  const begun = clock.now().getTime();
  const order = (status: Order['status']) =>
    ({ status, retryAfter: addMs(clock.now(), secondMs) }) as Order;
  const issuer = { order: async () => order('ready') };
  const waitUntil = addMs(clock.now(), minuteMs);
  const acquisition = { clock, issuer, pollMs: 4 * secondMs, waitUntil } as unknown as Acquisition;
  const first = order('pending');
  clock.advance(5);
  await pollOrder(acquisition, first, ['pending']);
  expect(clock.now().getTime() - begun).toBe(secondMs);
});

test('a CA that asks for no wait at all is looked at as one that does not say', async () => {
  expect(await looksAt(4, 0)).toEqual([0.06, 1.06, 3.06, 7.06]);
  expect(await looksAt(2, -minuteMs)).toEqual([0.06, 1.06]);
});

test('a CA that asks for a day is looked at every half minute', async () => {
  expect(await looksAt(3, dayMs)).toEqual([30, 60, 90]);
});
