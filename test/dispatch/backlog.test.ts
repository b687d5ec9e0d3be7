import { expect, test } from 'vitest';
import { hourMs } from '#shared/clock.ts';
import { workers } from '#shared/work.ts';
import { backlog } from '#test/support/backlog.ts';
import { isFull } from '#test/support/full.ts';

const count = isFull ? 1_000 : 200;

test('a fleet that is due at once is worked off without anything being sent twice', {
  timeout: 300_000,
}, async () => {
  const fleet = await backlog({ count });
  await fleet.live(24 * hourMs);
  expect(fleet.finished()).toBe(count);
  for (const kind of workers) {
    expect(fleet.messages[kind] / count).toBeLessThanOrEqual(1.2);
    expect(fleet.runs[kind] / count).toBeLessThanOrEqual(1.3);
  }
});
