import { expect, test } from 'vitest';
import { dispatchRegions } from '#shared/check/dispatch/dispatch-regions.ts';
import { dayMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { configWith, healthy } from '#test/support/healthy.ts';
import { silentLog } from '#test/support/silent-log.ts';

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

test('where nobody can write that a region is well again, it counts as behind', async () => {
  const at = desk();
  const now = at.clock.now().toISOString();
  const times = { since: now, startedAt: now, newest: now, told: now };
  const regions = { 'eu-west-1': { ...times, certificates: 0, reason: null, runs: 1 } };
  const ports = {
    ...{ clock: at.clock, config: configWith({ replicas: [] }), log: silentLog },
    sentBook: {
      read: () => expect.unreachable(),
      update: () => Promise.reject(new Error('S3: no')),
    },
    lookOf: at.lookOf,
    functions: { startSync: async () => undefined },
    bus: { publish: async () => undefined },
  };
  const book = { sent: {}, regions };
  const done = await dispatchRegions(ports, [], { hasUnchanged: false, book });
  expect(done).toEqual({ regions, failures: [new Error('S3: no')] });
});
