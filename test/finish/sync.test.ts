import { expect, test } from 'vitest';
import { publicPartKeys } from '#shared/acquire/store.ts';
import { addMs, minuteMs } from '#shared/clock.ts';
import { replicaIsBehind, sync } from '#shared/finish/sync.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { recordKey } from '#shared/ledger/record-object.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { healthy, now, versionOf } from '#test/support/healthy.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const keys = publicPartKeys('shop', 'v1');

async function regions(
  options: { inSyncAfter?: number; isLost?: boolean; lossyPut?: boolean } = {},
) {
  const clock = virtualClock();
  const home = fakeObjectStore();
  const there = fakeObjectStore();
  const ledger = s3Ledger({ objects: home, clock });
  await ledger.update('shop', () => healthy());
  await home.put(keys.certificate, 'certificate', 'text/plain');
  await home.put(keys.chain, 'chain', 'text/plain');
  const warned: unknown[] = [];
  let looks = 0;
  const asked: string[] = [];
  const around = { look: async () => undefined as unknown };
  const log = {
    info: () => undefined,
    warn: (_: string, { outcome, region }: { outcome?: string; region?: unknown }) =>
      void warned.push(`${region} ${outcome}`),
    error: () => undefined,
  };
  const replica = options.lossyPut ? { ...there, put: async () => undefined } : there;
  const run = (replicas = ['eu-west-1']) =>
    sync(
      {
        config: { replicas } as never,
        ledger,
        home,
        replicaOf: (region) => {
          if (region === 'broken-1') throw new Error('no bucket');
          return replica;
        },
        keyReplication: {
          async isInSync() {
            await around.look();
            looks += 1;
            const inSync = looks > (options.inSyncAfter ?? 0);
            return { inSync, isLost: options.isLost ?? false, detail: 'still copying' };
          },
        },
        queues: {
          async send(work, why) {
            const { secretInSync } = (await record()).replicas['eu-west-1'] ?? {};
            asked.push(`${work.kind} ${work.certificate}, ${why}, recorded: ${secretInSync}`);
          },
        },
        clock,
        log,
        pollMs: 4_000,
      },
      'shop',
      addMs(now, minuteMs),
    );
  const record = async () => (await ledger.read('shop')) as CertificateRecord;
  return { run, record, there, warned, around, ledger, asked };
}

test('certificate, chain and record are copied, and the record says so in both regions', async () => {
  const { run, record, there } = await regions();
  await run();
  expect([...there.objects.keys()].sort()).toEqual(
    [keys.certificate, keys.chain, recordKey('shop')].sort(),
  );
  expect(replicaIsBehind(await record(), 'eu-west-1')).toBe(false);
  const copied = JSON.parse(there.objects.get(recordKey('shop')) ?? '');
  expect(replicaIsBehind(copied, 'eu-west-1')).toBe(false);
});

test('a replica secret that takes its time is waited for', async () => {
  const { run, record } = await regions({ inSyncAfter: 3 });
  await run();
  expect((await record()).replicas['eu-west-1']?.secretInSync).toBe(true);
});

test('for one that will not come by itself issue is asked, once, after the record says so', async () => {
  const { run, record, asked } = await regions({ inSyncAfter: 3, isLost: true });
  await run();
  expect(asked).toEqual(['issue shop, v1 in eu-west-1, recorded: false']);
  expect((await record()).replicas['eu-west-1']?.secretInSync).toBe(true);
});

test('for one that is on its way nobody is asked', async () => {
  const { run, asked } = await regions({ inSyncAfter: 3 });
  await run();
  expect(asked).toEqual([]);
});

test('one that never comes is an error, and remembered as behind', async () => {
  const { run, record } = await regions({ inSyncAfter: 99 });
  await expect(run()).rejects.toThrow('shop in eu-west-1: still copying');
  expect(replicaIsBehind(await record(), 'eu-west-1')).toBe(true);
});

test('what reads back differently is an error', async () => {
  const { run } = await regions({ lossyPut: true });
  await expect(run()).rejects.toMatchObject({ name: 'ReplicaDiffers' });
});

test('a region that fails keeps no other from being written, and each failure is logged', async () => {
  const { run, record, warned } = await regions();
  await expect(run(['broken-1', 'eu-west-1', 'broken-1'])).rejects.toThrow('several replicas');
  expect((await record()).replicas['eu-west-1']).toBeDefined();
  expect(warned).toEqual(['broken-1 Error', 'broken-1 Error']);
});

test('a version that is no longer desired does not overwrite what is known of the newer one', async () => {
  const { run, record, around, ledger } = await regions();
  const newer = { versionId: 'v2', syncedAt: now.toISOString(), secretInSync: true };
  around.look = () =>
    ledger.update('shop', (before) => ({
      ...before,
      desired: 'v2',
      versions: [versionOf(), versionOf({ id: 'v2' })],
      replicas: { 'eu-west-1': newer },
    }));
  await run();
  expect((await record()).replicas['eu-west-1']).toEqual(newer);
});
