import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { beforeEach, expect, test } from 'vitest';
import {
  isHeld,
  type LeasedRecord,
  type LeaseRequest,
  lastEnd,
  withLease,
} from '#shared/ledger/lease.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { LogFields } from '#shared/log.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { type FakeObjectStore, fakeObjectStore } from '#test/support/fake-object-store.ts';

let objects: FakeObjectStore;
let clock: VirtualClock;
let ledger: Ledger;
let warned: LogFields[];

beforeEach(() => {
  objects = fakeObjectStore();
  clock = virtualClock();
  ledger = s3Ledger({ objects, clock, writer: 'issue' });
  warned = [];
});

function request(change: Partial<LeaseRequest> = {}): LeaseRequest {
  const until = addMs(clock.now(), 3 * minuteMs);
  const log = {
    info() {},
    error() {},
    warn: (_: string, fields: LogFields) => void warned.push(fields),
  };
  return { id: 'shop', name: 'acquire', holder: 'run-1', until, clock, log, ...change };
}

function noting(what: string) {
  return (record: CertificateRecord) =>
    withHistory(record, { at: '2026-11-22T03:00:00Z', stage: 'issue', what, why: null });
}

test('the holder works, writes, and gives the lease back', async () => {
  const run = await withLease(ledger, request(), async (mine) => {
    expect((await mine.read()).leases.acquire?.holder).toBe('run-1');
    await mine.update(noting('worked'));
    return 'done';
  });
  expect(run).toEqual({ held: true, value: 'done' });
  const record = await ledger.read('shop');
  expect(record?.leases.acquire).toMatchObject({ fence: 'released', holder: 'run-1' });
  expect(isHeld(record?.leases.acquire, clock.now())).toBe(false);
  expect(record?.history.map(({ what }) => what)).toEqual(['worked']);
});

test('a lease that was given back tells when, and can be taken by the next', async () => {
  await withLease(ledger, request(), () => clock.sleep(minuteMs));
  const lease = (await ledger.read('shop'))?.leases.acquire;
  expect(lastEnd(lease)).toEqual(clock.now());
  const next = await withLease(ledger, request({ holder: 'run-2' }), async (mine) => {
    const taken = (await mine.read()).leases.acquire;
    expect(lastEnd(taken)).toBeNull();
    return 'done';
  });
  expect(next).toEqual({ held: true, value: 'done' });
});

test('a lease given back by somebody whose clock is ahead is not held', async () => {
  const until = addMs(clock.now(), minuteMs).toISOString();
  expect(isHeld({ fence: 'released', holder: 'run-1', until }, clock.now())).toBe(false);
});

test('the former holder of a lease that was given back can write no more', async () => {
  let former: LeasedRecord | null = null;
  await withLease(ledger, request(), async (mine) => {
    former = mine;
  });
  const late = (former as LeasedRecord | null)?.update(noting('late'));
  await expect(late).rejects.toThrow('nobody holds it');
});

test('a second one is told who holds it and until when, and does not work', async () => {
  const first = request();
  await withLease(ledger, first, async () => {
    const second = await withLease(ledger, request({ holder: 'run-2' }), async () => 'worked');
    expect(second).toEqual({ held: false, until: first.until, holder: 'run-1' });
  });
});

test('of four runs that ask at once, exactly one works', async () => {
  const runs = ['1', '2', '3', '4'].map((holder) =>
    withLease(s3Ledger({ objects, clock, writer: 'issue' }), request({ holder }), () =>
      clock.sleep(minuteMs),
    ),
  );
  expect((await Promise.all(runs)).filter(({ held }) => held)).toHaveLength(1);
});

test('a lease whose taking lost its answer is held', async () => {
  objects.loseNextAnswer();
  const run = await withLease(ledger, request(), async () => 'done');
  expect(run).toEqual({ held: true, value: 'done' });
});

test('an expired lease is taken over, and its former holder can write no more', async () => {
  const taken = withLease(ledger, request(), async (late) => {
    clock.advance(4 * minuteMs);
    await withLease(ledger, request({ holder: 'run-2' }), async (mine) => {
      await expect(late.update(noting('late'))).rejects.toMatchObject({
        name: 'LeaseLost',
        message: expect.stringContaining('run-2'),
      });
      await mine.update(noting('successor'));
    });
    await late.update(noting('later'));
  });
  await expect(taken).rejects.toMatchObject({ name: 'LeaseLost' });
  const record = await ledger.read('shop');
  expect(record?.history.map(({ what }) => what)).toEqual(['successor']);
});

test('the fence is looked at again when a successor gets in between read and write', async () => {
  const stolen = withLease(ledger, request(), async (late) => {
    objects.beforeNextWrite(() => {
      clock.advance(4 * minuteMs);
      return ledger.update('shop', (record) => ({ ...record, leases: {} }));
    });
    await late.update(noting('late'));
  });
  await expect(stolen).rejects.toMatchObject({ name: 'LeaseLost' });
  expect((await ledger.read('shop'))?.history).toEqual([]);
});

test('a lease of a successor survives the return of its predecessor', async () => {
  await withLease(ledger, request(), async () => {
    clock.advance(4 * minuteMs);
    const until = addMs(clock.now(), minuteMs).toISOString();
    const theirs = { fence: 'theirs', holder: 'run-2', until };
    await ledger.update('shop', (record) => ({ ...record, leases: { acquire: theirs } }));
  });
  expect((await ledger.read('shop'))?.leases.acquire?.fence).toBe('theirs');
});

test('leases of two names coexist, and the changes of others do not hurt', async () => {
  const deploy = request({ name: 'deploy:000000000000/us-east-1', holder: 'run-2' });
  const deploys = s3Ledger({ objects, clock, writer: 'deploy' });
  await withLease(ledger, request(), async (acquiring) => {
    await withLease(deploys, deploy, async (deploying) => {
      await Promise.all([
        acquiring.update(noting('acquired')),
        deploying.update(noting('deployed')),
        ledger.update('shop', noting('checked')),
      ]);
    });
    const leases = Object.entries((await ledger.read('shop'))?.leases ?? {});
    const held = leases.filter(([, lease]) => isHeld(lease, clock.now()));
    expect(held.map(([name]) => name)).toEqual(['acquire']);
  });
  expect((await ledger.read('shop'))?.history).toHaveLength(3);
});

test('work that fails gives the lease back and fails with its own error', async () => {
  const failed = withLease(ledger, request(), () => Promise.reject(new Error('broken')));
  await expect(failed).rejects.toThrow('broken');
  const lease = (await ledger.read('shop'))?.leases.acquire;
  expect([isHeld(lease, clock.now()), lastEnd(lease)]).toEqual([false, null]);
});

test('a lease that cannot be given back is logged and does not undo the work', async () => {
  const run = await withLease(ledger, request(), async () => {
    objects.refuseNextWrites(10);
    return 'done';
  });
  expect(run).toEqual({ held: true, value: 'done' });
  expect(warned).toMatchObject([
    { certificate: 'shop', lease: 'acquire', outcome: 'LedgerConflict' },
  ]);
});

test('changes that come together are one write, and none of them is none', async () => {
  await withLease(ledger, request(), async (mine) => {
    await mine.updateAll([noting('first'), noting('second')]);
    const before = objects.conditionalWrites;
    await mine.updateAll([]);
    await mine.read();
    expect(objects.conditionalWrites).toEqual(before);
  });
  expect((await ledger.read('shop'))?.history.map(({ what }) => what)).toEqual(['first', 'second']);
});

test('a read as the holder fails too once the lease is lost', async () => {
  const taken = withLease(ledger, request(), async (late) => {
    clock.advance(4 * minuteMs);
    await withLease(ledger, request({ holder: 'run-2' }), () => late.read());
  });
  await expect(taken).rejects.toMatchObject({ name: 'LeaseLost' });
});
