import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { issueRunsAtOnce, usualExecutions } from '#shared/limits.ts';
import { solverFacts } from '#shared/solvers/facts.ts';
import { paceOf, paces } from '#shared/solvers/pace.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { minuteMs } from '#shared/time/clock.ts';

const rate = { perSecond: 10, burst: 20, reason: 'for this test' };

/** When each of so many requests in a row may be sent, in milliseconds. */
async function turns(pace: () => Promise<void>, count: number, clock = virtualClock()) {
  const start = clock.now().getTime();
  const at: number[] = [];
  for (let n = 0; n < count; n += 1) {
    await pace();
    at.push(clock.now().getTime() - start);
  }
  return at;
}

test('a run may send its part of the burst at once, and then keeps to its part of the rate', async () => {
  const clock = virtualClock();
  expect(await turns(paceOf(rate, clock, 5), 7, clock)).toEqual([0, 0, 0, 0, 500, 1_000, 1_500]);
});

test('a pause is saved up for no more than the burst', async () => {
  const clock = virtualClock();
  const pace = paceOf(rate, clock, 5);
  await turns(pace, 10, clock);
  clock.advance(10 * minuteMs);
  expect(await turns(pace, 6, clock)).toEqual([0, 0, 0, 0, 500, 1_000]);
});

test('runs side by side together keep within the rate', async () => {
  const clock = virtualClock();
  const runs = Array.from({ length: 5 }, () => turns(paceOf(rate, clock, 5), 20, clock));
  const sent = (await Promise.all(runs)).flat();
  for (const second of [1, 2, 4, 8]) {
    const within = sent.filter((at) => at < second * 1_000).length;
    expect(within).toBeLessThanOrEqual(rate.burst + rate.perSecond * second);
  }
});

test('a run beside very many gets through a step all the same', async () => {
  const clock = virtualClock();
  const slow = { ...rate, perSecond: 2 };
  expect(await turns(paceOf(slow, clock, 102), 3, clock)).toEqual([0, 20_000, 40_000]);
});

test('concurrent requests wait for each other', async () => {
  const clock = virtualClock();
  const pace = paceOf({ ...rate, burst: 1 }, clock, 1);
  const start = clock.now().getTime();
  const at = await Promise.all(
    Array.from({ length: 3 }, async () => {
      await pace();
      return clock.now().getTime() - start;
    }),
  );
  expect(at).toEqual([0, 100, 200]);
});

test('solvers of one owner share one pace, those of another do not', () => {
  const pace = paces(virtualClock(), 5);
  expect(pace('route53 home', rate)).toBe(pace('route53 home', rate));
  expect(pace('route53 1', rate)).not.toBe(pace('route53 home', rate));
});

test('a usual order never waits for its turn', () => {
  const runs = issueRunsAtOnce({ concurrency: usualExecutions });
  for (const type of Object.keys(solverSpecs) as (keyof typeof solverSpecs)[]) {
    const { burst, perSecond } = solverFacts({ type }).rate;
    expect(burst / runs).toBeGreaterThanOrEqual(4);
    // A look every four seconds while a change spreads.
    expect(perSecond / runs).toBeGreaterThan(1 / 4);
  }
});
