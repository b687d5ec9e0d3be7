import { expect, test } from 'vitest';
import { dayMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { healthy } from '#test/support/healthy.ts';

test('a region that is behind is looked at once a check, more and more seldom, and told of once', async () => {
  const { clock, holds, published, run, synced } = desk({ replicas: ['eu-west-1'] });
  await holds(healthy());
  await run();
  expect(synced).toEqual(['eu-west-1']);
  const end = clock.now().getTime() + dayMs;
  let most = 0;
  while (clock.now().getTime() < end) {
    clock.advance(10 * minuteMs);
    const before = synced.length;
    await run();
    most = Math.max(most, synced.length - before);
  }
  expect(most).toBe(1);
  expect(synced.length).toBeLessThan(60);
  expect(published.map(({ type, certificate }) => [type, certificate])).toEqual([
    ['region-behind', null],
  ]);
});

test('a region whose run cannot be started is tried again with the next check', async () => {
  const { clock, fails, holds, run, synced } = desk({ replicas: ['eu-west-1'] });
  await holds(healthy());
  fails.functions = true;
  await expect(run()).rejects.toThrow('no function');
  fails.functions = false;
  clock.advance(10 * minuteMs);
  await run();
  expect(synced).toEqual(['eu-west-1']);
});

test('a person’s request looks at no region', async () => {
  const { holds, run, synced } = desk({ replicas: ['eu-west-1'] });
  await holds(healthy());
  await run({ certificates: ['shop'], retry: true, reason: 'mended' });
  expect(synced).toEqual([]);
});
