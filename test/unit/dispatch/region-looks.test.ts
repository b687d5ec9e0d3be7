import { expect, test } from 'vitest';
import { noLook, type RegionLook } from '#shared/finish/regions/region-look.ts';
import { readStatus } from '#shared/status/status-object.ts';
import { addMs, dayMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { healthy, now } from '#test/support/healthy.ts';

const regions = ['eu-west-1', 'eu-west-2'];

/** Checks every ten minutes over regions that are in sync, with the answer of sync to each of its runs. */
async function looksOf(answer: (at: string) => Partial<RegionLook> | null, replicas = regions) {
  const { clock, holds, lookOf, objects, published, run, synced } = desk({ replicas });
  const seen = { versionId: 'v1', syncedAt: now.toISOString(), secretInSync: true, reason: null };
  await holds(healthy({ replicas: Object.fromEntries(regions.map((each) => [each, seen])) }));
  const runs: string[] = [];

  async function checkFor(ms: number): Promise<void> {
    const end = clock.now().getTime() + ms;
    for (; clock.now().getTime() < end; clock.advance(10 * minuteMs)) {
      const before = synced.length;
      await run();
      for (const region of synced.slice(before)) {
        const minute = (clock.now().getTime() - now.getTime() - dayMs) / minuteMs;
        runs.push(`${minute} ${region}`);
        const change = answer(addMs(clock.now(), minuteMs / 2).toISOString());
        if (change) await lookOf(region).update(() => ({ ...noLook, ...change }));
      }
    }
  }
  const told = () => published.map(({ summary }) => summary);
  return { objects, published, run, synced, runs, checkFor, told };
}

test('regions in sync are looked at once a day, one of them a check', async () => {
  const { checkFor, runs } = await looksOf((at) => ({ at, doneAt: at }));
  await checkFor(dayMs);
  expect(runs).toEqual([]);
  await checkFor(2 * dayMs);
  expect(runs).toEqual(['0 eu-west-1', '10 eu-west-2', '1450 eu-west-1', '1460 eu-west-2']);
});

test('a look that comes further goes on with the next check; one that does not come back, after an hour', async () => {
  const slow = await looksOf((at) => ({ at, after: 'certificates/' }), ['eu-west-1']);
  await slow.checkFor(dayMs + 30 * minuteMs);
  expect(slow.runs).toEqual(['0 eu-west-1', '10 eu-west-1', '20 eu-west-1']);
  const dead = await looksOf(() => null, ['eu-west-1']);
  await dead.checkFor(dayMs + 130 * minuteMs);
  expect(dead.runs).toEqual(['0 eu-west-1', '60 eu-west-1', '120 eu-west-1']);
});

test('a region that cannot be listed is told of once, tried more and more seldom, and told of when it can', async () => {
  let isDenied = true;
  const since = new Date(now.getTime() + dayMs).toISOString();
  const failure = { since, reason: 'the copies cannot be listed: AccessDenied' };
  const lab = await looksOf(
    (at) => (isDenied ? { at, failure } : { at, doneAt: at }),
    ['eu-west-1'],
  );
  await lab.checkFor(2 * dayMs);
  expect(lab.runs.length).toBeLessThan(60);
  expect(lab.told()).toEqual(['certkeep cannot see which copies eu-west-1 holds']);
  expect(lab.published[0]?.details).toMatchObject({ certificates: 0, reason: failure.reason });
  const states = async () => (await readStatus(lab.objects)).status?.texts;
  expect(await states()).toEqual([
    `certkeep cannot see which copies eu-west-1 holds: ${failure.reason}`,
  ]);
  isDenied = false;
  await lab.checkFor(dayMs / 4);
  expect(await states()).toEqual([]);
  expect(lab.told().at(-1)).toBe('The copies in eu-west-1 are in sync again');
});

test('a state of a look that cannot be read leaves the region, and all else of the check, as it was', async () => {
  const { checkFor, objects, run, told, synced } = await looksOf(() => null, ['eu-west-1']);
  await checkFor(dayMs);
  const { get } = objects;
  Object.assign(objects, {
    get: (key: string) =>
      key.startsWith('replicas/') ? Promise.reject(new Error('no such luck')) : get(key),
  });
  await expect(run()).rejects.toThrow('no such luck');
  expect([told(), synced]).toEqual([[], []]);
});
