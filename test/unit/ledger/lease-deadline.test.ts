import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { withLease } from '#shared/ledger/lease.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { LogFields } from '#shared/log.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { deadlineSignal, withinDeadline } from '#shared/time/deadline.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';

test('a run that its deadline has aborted gives the lease back', async () => {
  const clock = virtualClock();
  const ledger = s3Ledger({ objects: fakeObjectStore(), clock, writer: 'issue' });
  const warned: LogFields[] = [];
  const log = {
    info() {},
    error() {},
    warn: (_: string, fields: LogFields) => void warned.push(fields),
  };
  const until = addMs(clock.now(), 3 * minuteMs);
  const request = { id: 'shop', name: 'acquire', holder: 'run-1', until, clock, log };
  const deadline = new AbortController();
  const obedient: Ledger = {
    ...ledger,
    async update(id, change) {
      deadlineSignal()?.throwIfAborted();
      return ledger.update(id, change);
    },
  };
  const run = withinDeadline(deadline.signal, () =>
    withLease(obedient, request, async (mine) => {
      deadline.abort(new Error('the run ends'));
      await mine.update((record) => ({ ...record, desired: 'v1' }));
    }),
  );
  await expect(run).rejects.toThrow('the run ends');
  const record = await ledger.read('shop');
  expect(record).toMatchObject({ leases: {}, desired: null });
  expect(warned).toEqual([]);
});
