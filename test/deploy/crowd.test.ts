import { expect, test } from 'vitest';
import { hourMs, secondMs } from '#shared/clock.ts';
import { type CrowdStage, crowdStage } from '#test/support/crowd-stage.ts';
import { isFull } from '#test/support/full.ts';

/**
 * What a first deployment needs of Elastic Load Balancing: the certificates of each listener, a change, and a look
 * whether it shows; listeners and load balancers are described twenty at a time. In seconds, at 10 Describe calls, 3
 * changes and 10 calls a second after bursts of 40, 20 and 40.
 */
function secondsThatBucketsAllow(size: number): number {
  const describes = 2 * size + 2 * Math.ceil(size / 20);
  return Math.max((describes - 40) / 10, (size - 20) / 3, (describes + size - 40) / 10);
}

function longestRun({ runs }: CrowdStage): number {
  return Math.max(...runs.map(({ tookMs }) => tookMs));
}

test.each(isFull ? [200, 1_000] : [200])(
  'one certificate is served by %i listeners within twice the time that ELB allows, without a false message',
  { timeout: 120_000 },
  async (size) => {
    const stage = crowdStage(size);
    await stage.issue('v1');
    const seconds = await stage.serve(2 * hourMs);
    expect(stage.told()).toEqual(['served']);
    expect(seconds).toBeLessThan(2 * secondsThatBucketsAllow(size) + 25);
    expect(longestRun(stage)).toBeLessThan(stage.timeoutMs - 40 * secondMs);
    const [arn] = new Set(stage.listeners.map(stage.elb.defaultOf));
    expect(stage.acm.imports).toEqual([null]);
    expect(arn).toBe([...stage.acm.held.keys()].at(-1));
    console.log(
      size,
      seconds,
      secondsThatBucketsAllow(size),
      stage.elb.describes,
      stage.elb.changes,
      stage.elb.throttled,
      stage.runs,
    );
  },
);
