import { expect, test } from 'vitest';
import { hourMs, secondMs } from '#shared/time/clock.ts';
import { type CrowdStage, crowdStage } from '#test/support/crowd-stage.ts';
import { isFull } from '#test/support/full.ts';

/**
 * What a first deployment over somebody else's certificate needs of Elastic Load Balancing: the certificates of each
 * listener, a mark of what it held, a change, and a look whether it shows; listeners and load balancers are described twenty at a time. In seconds, at 10 Describe calls, 3
 * changes and 10 calls a second after bursts of 40, 20 and 40 (userguide/elb-api-throttling.html).
 */
function secondsThatElbAllows(size: number): number {
  const describes = 2 * size + 2 * Math.ceil(size / 20);
  return Math.max((describes - 40) / 10, (2 * size - 20) / 3, (describes + 2 * size - 40) / 10);
}

/** The slower of two nodes. */
const spreadSeconds = 20;

function expectServed(stage: CrowdStage, serial: string): void {
  const served = stage.listeners.map((listener) =>
    stage.acm.held.get(stage.elb.defaultOf(listener)),
  );
  expect(new Set(served.map((held) => held?.serial))).toEqual(new Set([serial]));
  // No run was near its end.
  for (const { tookMs } of stage.runs) expect(tookMs).toBeLessThan(stage.timeoutMs - 40 * secondMs);
}

test.each(isFull ? [200, 1_000] : [200])(
  'one certificate is served by %i listeners within twice the time that ELB allows, without a false message',
  { timeout: 120_000 },
  async (size) => {
    const stage = crowdStage(size);
    await stage.issue('v1');
    const seconds = await stage.serve(2 * hourMs);
    expect(stage.told()).toEqual(['served']);
    expectServed(stage, '01');
    expect(seconds).toBeLessThan(2 * secondsThatElbAllows(size) + spreadSeconds);
    // The first group is looked at again after the import, and each change of it is looked at before.
    expect(stage.elb.describes).toBeLessThan(3.3 * size);
    expect([stage.elb.changes, stage.elb.throttled]).toEqual([2 * size, 0]);
    expect(stage.acm.imports).toEqual([null]);
  },
);

test('a renewal changes no listener, and looks at each once', async () => {
  const stage = crowdStage(60);
  await stage.issue('v1');
  await stage.serve(hourMs);
  const { describes, changes } = stage.elb;
  await stage.issue('v2');
  await stage.serve(hourMs);
  expect(stage.told()).toEqual(['served', 'served']);
  expectServed(stage, '02');
  expect(stage.elb.changes).toBe(changes);
  expect(stage.elb.describes - describes).toBe(60 + 2 * 3);
});

test('if others use most of what ELB allows, it takes longer and nobody hears anything false', async () => {
  const stage = crowdStage(60, { othersPerSecond: 8 });
  await stage.issue('v1');
  await stage.serve(hourMs);
  expect(stage.told()).toEqual(['served']);
  expect(stage.elb.throttled).toBeGreaterThan(0);
  expectServed(stage, '01');
});
