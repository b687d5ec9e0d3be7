import { expect, test } from 'vitest';
import { queueNames } from '#shared/installation.ts';
import { hourMs } from '#shared/time/clock.ts';
import { backlog } from '#test/support/backlog.ts';
import { isFull } from '#test/support/full.ts';

/** A new ARN may wait 75 s until a load balancer knows it (shared/targets/until-known.ts). */
test.each([
  ['usual', 8_000, isFull ? 1_000 : 200],
  ['slow', 60_000, 200],
])(
  'a fleet that is due at once is worked off with %s deploys, and next to nothing is sent twice',
  {
    timeout: 300_000,
  },
  async (_, deployMs, count) => {
    const fleet = await backlog({ count, deployMs });
    await fleet.live(48 * hourMs);
    expect(fleet.finished()).toBe(count);
    for (const kind of queueNames) {
      expect(fleet.messages[kind] / count).toBeLessThanOrEqual(1.2);
      expect(fleet.runs[kind] / count).toBeLessThanOrEqual(1.3);
    }
  },
);
