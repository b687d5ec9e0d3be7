import { expect, test } from 'vitest';
import { asksOfRun } from '#shared/finish/sync/sync.ts';
import { secondMs } from '#shared/time/clock.ts';
import { minutesLater, region, replicated } from './regions-lab.ts';
import { lost, syncLab } from './sync-lab.ts';

const failed = { secretInSync: false, reason: 'Failed' };

function ids(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `c${n}`);
}

test('a run by region looks at the certificates that are behind there, and at no other', async () => {
  const records = [replicated('c0'), replicated('c1', failed), replicated('c2', null)];
  const { run, looked, record } = await syncLab(records);
  expect(await run({ region })).toEqual({ looked: 2, behind: 0, asked: 0, left: 0 });
  expect(looked.toSorted()).toEqual(['c1', 'c2']);
  expect((await record('c1')).replicas[region]).toMatchObject({ secretInSync: true, reason: null });
});

test('a region that is not in the configuration is not looked at', async () => {
  const { run } = await syncLab([replicated('c0', failed)]);
  expect(await run({ region: 'ap-south-1' })).toMatchObject({ looked: 0, left: 0 });
});

test('issue is asked for secrets that will not come by themselves, after the record says so', async () => {
  const { run, world, asked } = await syncLab([replicated('c0', null)]);
  world.secret = async () => lost;
  await run({ region });
  expect(asked).toEqual(['issue c0, recorded: false']);
});

test('as long as a region takes nothing, issue is asked for a few certificates a run, other ones each time', async () => {
  const { run, world, asked, clock } = await syncLab(ids(60).map((id) => replicated(id, failed)));
  world.secret = async () => lost;
  expect(await run({ region })).toMatchObject({ looked: 60, asked: asksOfRun.onTrial });
  clock.advance(30 * secondMs);
  await run({ region });
  expect(new Set(asked).size).toBeGreaterThan(asksOfRun.onTrial);
});

test('once a region takes something again, issue is asked for many', async () => {
  const behind = ids(60).map((id) => replicated(id, failed));
  const came = replicated('c60', { syncedAt: minutesLater(1).toISOString() });
  const { run, world, asked } = await syncLab([...behind, came]);
  world.secret = async () => lost;
  await run({ region });
  expect(asked).toHaveLength(60);
});

test('a copy that came into sync before the region was behind says nothing about it', async () => {
  const behind = ids(30).map((id) => replicated(id, failed));
  const before = replicated('c30', { syncedAt: minutesLater(-1).toISOString() });
  const { run, world, asked } = await syncLab([...behind, before]);
  world.secret = async () => lost;
  await run({ region });
  expect(asked).toHaveLength(asksOfRun.onTrial);
});

test('after a minute a run begins no more, and the next one begins with others', async () => {
  const { run, world, looked, clock } = await syncLab(ids(300).map((id) => replicated(id, failed)));
  world.secret = async () => {
    clock.advance(secondMs);
    return lost;
  };
  const first = await run({ region });
  expect(first.looked + first.left).toBe(300);
  expect(first.left).toBeGreaterThan(200);
  const seen = new Set(looked);
  await run({ region });
  expect(looked.filter((id) => !seen.has(id)).length).toBeGreaterThan(30);
});
