import { afterEach, expect, test } from 'vitest';
import type { Solver } from '#shared/solvers/solver.ts';
import { type Clock, hourMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { issueThrough } from './lab.ts';
import { type Service, startService } from './services.ts';

let service: Service;
afterEach(() => service?.close());

const zones = Array.from({ length: 40 }, (_, at) => `shop-${at}.com`);

/** A DNS service some of whose calls do not answer before the run ends. */
async function hanging(call: 'publish' | 'remove' | 'zoneFor', from: number, times: number) {
  const usual = await startService('route53', zones);
  let seen = 0;
  const solver = (clock: Clock, runs: number): Solver => {
    const answering = usual.solver(clock, runs);
    const hang = async () => {
      seen += 1;
      if (seen > from && seen <= from + times) await clock.sleep(hourMs, deadlineSignal());
    };
    return {
      ...answering,
      async zoneFor(name) {
        if (call === 'zoneFor') await hang();
        return answering.zoneFor(name);
      },
      async publish(...given) {
        if (call === 'publish') await hang();
        return answering.publish(...given);
      },
      async remove(...given) {
        if (call === 'remove') await hang();
        return answering.remove(...given);
      },
    };
  };
  service = { ...usual, solver };
  return issueThrough(service, zones, { side: 5, mayFail: true });
}

function left(): unknown {
  service.clock.advance(hourMs);
  return [service.changes(), service.left()];
}

const each = { written: zones.length, removed: zones.length };

test.each(['publish', 'zoneFor', 'remove'] as const)(
  'a deadline that ends %s in the middle of an order loses nothing that was reached, and tells nobody',
  async (call) => {
    const { certificates, orders, told } = await hanging(call, 10, 1);
    expect([orders, certificates, told]).toEqual([1, 1, []]);
    expect(left()).toEqual([each, 0]);
  },
);

test('a service that never answers is told after some runs, and the same order is issued once it does', async () => {
  const { certificates, orders, told } = await hanging('publish', 10, 6);
  expect([orders, certificates, told]).toEqual([1, 1, ['RunOutOfTime']]);
  expect(left()).toEqual([each, 0]);
});
