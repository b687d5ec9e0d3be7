import { expect, test } from 'vitest';
import { copyKeys } from '#shared/finish/sync/copy-keys.ts';
import { recordKey } from '#shared/ledger/record/record-object.ts';
import { dayMs, minuteMs } from '#shared/time/clock.ts';
import { region, replicated } from './regions-lab.ts';
import { issued, syncLab } from './sync-lab.ts';

const [certificate, chain, copyOfRecord] = copyKeys('c0', 'v1');

/** A region in which so many certificates have been in sync for that long, its listings counted. */
async function syncedLab(count = 1, agoMs = dayMs) {
  const ids = Array.from({ length: count }, (_, n) => `c${n}`);
  const lab = await syncLab(ids.map((id) => replicated(id, null)));
  await lab.run(ids.map(issued));
  lab.clock.advance(agoMs);
  const pages: (string | null)[] = [];
  lab.world.replica = () => ({
    ...lab.there,
    async page(prefix, after) {
      pages.push(after);
      return lab.there.page(prefix, after);
    },
  });
  const replica = async (id = 'c0') => (await lab.record(id)).replicas[region];
  return { ...lab, pages, replica };
}

test.each([
  ['certificate', certificate],
  ['chain', chain],
  ['record', copyOfRecord],
])('a copy of a %s that is gone is found within a day, and copied again', async (_, key) => {
  const { run, replica, there } = await syncedLab();
  await there.remove(key);
  await run({ region });
  expect(await replica()).toMatchObject({ secretInSync: false, reason: 'a copy is missing there' });
  await run({ region });
  expect(await replica()).toMatchObject({ secretInSync: true, reason: null });
  expect(there.objects.has(key)).toBe(true);
});

test('a copy that somebody has written over is found, and written again', async () => {
  const { run, replica, there } = await syncedLab();
  await there.put(chain, 'another', 'text/plain');
  await run({ region });
  expect((await replica())?.reason).toBe('a copy there is not what was written');
  await run({ region });
  expect((await replica())?.secretInSync).toBe(true);
  expect(there.objects.get(chain)).toBe('chain');
});

test('an unchanged copy changes no record, and is listed once a day', async () => {
  const { run, record, pages, clock } = await syncedLab();
  const before = await record('c0');
  await run({ region });
  clock.advance(dayMs - minuteMs);
  await run({ region });
  expect(pages).toHaveLength(1);
  clock.advance(minuteMs);
  await run({ region });
  expect(pages).toHaveLength(2);
  expect(await record('c0')).toEqual(before);
});

test('a copy that came into sync within the last day is not listed yet', async () => {
  const { run, pages } = await syncedLab(1, dayMs - minuteMs);
  await run({ region });
  expect(pages).toEqual([]);
});

test('a copy whose ETag was never kept is missed, and not taken for another', async () => {
  const { run, replica, ledger, there } = await syncedLab();
  await ledger.update('c0', (record) => {
    const { etags: _, ...known } = record.replicas[region] ?? { etags: [] };
    return { ...record, replicas: { [region]: known as never } };
  });
  await there.put(chain, 'another', 'text/plain');
  await run({ region });
  expect((await replica())?.secretInSync).toBe(true);
});

test('a certificate that another run has copied anew meanwhile is not behind', async () => {
  const lab = await syncedLab();
  lab.world.replica = () => ({
    ...lab.there,
    async page(prefix, after) {
      await lab.ledger.update('c0', (record) => ({ ...record, history: [] }));
      await lab.run([issued('c0')]);
      return lab.there.page(prefix, after);
    },
  });
  await lab.run({ region });
  expect((await lab.replica())?.secretInSync).toBe(true);
});

test('a bucket of more than a thousand objects is listed page by page, and an emptied one is filled again', async () => {
  const { run, pages, there, record } = await syncedLab(350);
  for (const key of there.objects.keys()) if (/\/c(1|349)\//.test(key)) await there.remove(key);
  await run({ region });
  expect(pages).toHaveLength(2);
  const states = ['c0', 'c1', 'c2', 'c349'].map(async (id) => (await record(id)).replicas[region]);
  const inSync = (await Promise.all(states)).map((state) => state?.secretInSync);
  expect(inSync).toEqual([true, false, true, false]);
  expect(await run({ region })).toMatchObject({ looked: 2, behind: 0 });
});

test('a look that is out of time goes on with the next run, from where it was', async () => {
  const lab = await syncedLab(350);
  const pages: (string | null)[] = [];
  lab.world.replica = () => ({
    ...lab.there,
    async page(prefix, after) {
      pages.push(after);
      if (after === null) lab.clock.advance(61_000);
      return lab.there.page(prefix, after);
    },
  });
  await lab.there.remove(recordKey('c99'));
  await lab.run({ region });
  expect(await lab.lookOf(region).read()).toMatchObject({ doneAt: null, failure: null });
  await lab.run({ region });
  await lab.run({ region });
  expect(pages).toHaveLength(2);
  expect((await lab.lookOf(region).read()).doneAt).not.toBeNull();
  expect((await lab.replica('c99'))?.secretInSync).toBe(true);
  expect(lab.there.objects.has(recordKey('c99'))).toBe(true);
});
