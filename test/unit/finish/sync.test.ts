import { expect, test } from 'vitest';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import { recordKey } from '#shared/ledger/record/record-object.ts';
import { replicaIsBehind } from '#shared/ledger/replica.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import { now, versionOf } from '#test/support/healthy.ts';
import { region, replicated } from './regions-lab.ts';
import { copying, issued, lost, syncLab } from './sync-lab.ts';

const keys = publicPartKeys('c0', 'v1');

test('certificate, chain and record are copied, and the record says so in both regions', async () => {
  const { run, record, there } = await syncLab([replicated('c0', null)]);
  expect(await run()).toEqual({ looked: 1, behind: 0, asked: 0, left: 0 });
  expect([...there.objects.keys()].sort()).toEqual(
    [keys.certificate, keys.chain, recordKey('c0')].sort(),
  );
  expect(replicaIsBehind(await record('c0'), region)).toBe(false);
  const copied = JSON.parse(there.objects.get(recordKey('c0')) ?? '');
  expect(replicaIsBehind(copied, region)).toBe(false);
});

test('each certificate of a bundle is looked at once, and nothing is waited for', async () => {
  const { run, world, looked, clock } = await syncLab([
    replicated('c0', null),
    replicated('c1', null),
  ]);
  world.secret = async () => copying;
  const before = clock.now();
  await run([issued('c0'), issued('c1'), issued('c0')]);
  expect(looked).toEqual(['c0', 'c1']);
  expect(clock.now()).toEqual(before);
});

test('a copy that is behind is no error of the run: the record has it, since when, and why', async () => {
  const { run, world, record, clock } = await syncLab([replicated('c0', null)]);
  world.secret = async () => copying;
  expect(await run()).toMatchObject({ behind: 1 });
  clock.advance(60_000);
  world.secret = async () => lost;
  await run();
  expect((await record('c0')).replicas[region]).toEqual({
    versionId: 'v1',
    syncedAt: now.toISOString(),
    secretInSync: false,
    reason: 'Failed',
  });
});

test('looking again at what is as it was writes nothing', async () => {
  const { home, run, world } = await syncLab([replicated('c0', null)]);
  world.secret = async () => copying;
  await run();
  const before = home.objects.get('records/sync/c0.json');
  await run();
  expect(home.objects.get('records/sync/c0.json')).toBe(before);
});

test('a region that cannot be written to, or reads back differently, is behind; the others are written', async () => {
  const { run, world, record, there, warned } = await syncLab([replicated('c0', null)]);
  world.replica = (of) => {
    if (of === 'broken-1') throw new Error('no bucket');
    return of === 'lossy-1' ? { ...there, put: async () => undefined } : there;
  };
  expect(await run([issued('c0')], ['broken-1', 'lossy-1', region])).toMatchObject({ behind: 2 });
  const { replicas } = await record('c0');
  expect(replicas['broken-1']?.reason).toBe('the copies cannot be written: Error');
  expect(replicas['lossy-1']?.reason).toBe('the copies cannot be written: ReplicaDiffers');
  expect(replicas[region]?.secretInSync).toBe(true);
  expect(warned.toSorted()).toEqual(['broken-1 Error', 'lossy-1 ReplicaDiffers']);
});

test('a ledger that cannot be written fails the run, after the other certificates', async () => {
  const { run, own, record } = await syncLab([replicated('c0', null), replicated('c1', null)]);
  const { update } = own;
  Object.assign(own, {
    update: (...given: Parameters<typeof update>) =>
      given[0] === 'c0' ? Promise.reject(new Error('no ledger')) : update(...given),
  });
  await expect(run([issued('c0'), issued('c1')])).rejects.toThrow('no ledger');
  expect((await record('c1')).replicas[region]?.secretInSync).toBe(true);
});

test('a version that is no longer desired says nothing of the newer one, which is looked at as well', async () => {
  const { run, record, world, ledger, there } = await syncLab([replicated('c0', null)]);
  let isRenewed = false;
  world.secret = async () => {
    if (!isRenewed) {
      isRenewed = true;
      await ledger.update('c0', (before) => ({
        ...before,
        desired: 'v2',
        versions: [versionOf(), versionOf({ id: 'v2' })],
      }));
    }
    return copying;
  };
  await run();
  expect((await record('c0')).replicas[region]).toMatchObject({ versionId: 'v2' });
  expect((await record('c0')).replicas[region]?.reason).toMatch(/ReplicaDiffers/);
  expect(there.objects.has(publicPartKeys('c0', 'v1').chain)).toBe(true);
});

test('after an issued event nobody is asked for a replica: check sees to it', async () => {
  const { run, world, asked } = await syncLab([replicated('c0', null)]);
  world.secret = async () => lost;
  await run();
  expect(asked).toEqual([]);
});

test('the copy has what anybody still has to tell', async () => {
  const { run, home, there, clock } = await syncLab([replicated('c0', null)]);
  const untold = { ...issued('c0'), id: 'c0-served-v1', type: 'served' as const };
  await s3Ledger({ objects: home, clock, writer: 'verify' }).update('c0', (record) =>
    withEvent(record, untold),
  );
  await run();
  const copy = JSON.parse(there.objects.get('certificates/c0/record.json') ?? '{}');
  expect(copy.outbox).toEqual([untold]);
});
