import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { withHistory } from '#shared/ledger/record/history.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';

function world() {
  const objects = fakeObjectStore();
  const clock = virtualClock();
  const ledgers = [1, 2].map(() => s3Ledger({ objects, clock, writer: 'issue' }));
  return {
    objects,
    clock,
    ledger: ledgers[0] as (typeof ledgers)[0],
    other: ledgers[1] as (typeof ledgers)[0],
  };
}

function noting(what: string) {
  return (record: CertificateRecord) =>
    withHistory(record, { at: '2026-11-22T03:00:00Z', stage: 'check', what, why: null });
}

function noted(record: CertificateRecord | null) {
  return record?.history.map(({ what }) => what) ?? [];
}

test('five that change a record at the same time all get through, each exactly once', async () => {
  const { objects, clock, ledger } = world();
  const names = ['a', 'b', 'c', 'd', 'e'];
  const rivals = names.map((name) =>
    s3Ledger({ objects, clock, writer: 'issue' }).update('shop', noting(name)),
  );
  await Promise.all(rivals);
  expect(noted(await ledger.read('shop')).sort()).toEqual(names);
});

test('a rival that writes between our read and our write is not overwritten', async () => {
  const { objects, ledger, other } = world();
  await ledger.update('shop', noting('first'));
  objects.beforeNextWrite(() => other.update('shop', noting('theirs')));
  expect(noted(await ledger.update('shop', noting('ours')))).toEqual(['first', 'theirs', 'ours']);
});

test('the version seen last is overwritten without another look', async () => {
  const { objects, ledger } = world();
  await ledger.update('shop', noting('first'));
  await ledger.update('shop', noting('second'));
  await ledger.read('shop');
  await ledger.update('shop', noting('third'));
  // Before the first update, when nobody had written and a whole record was looked for, and when asked.
  expect(objects.reads).toBe(6 + 5);
  expect(noted(await ledger.read('shop'))).toEqual(['first', 'second', 'third']);
});

test('the records of a run with many certificates are each remembered', async () => {
  const { objects, ledger } = world();
  const ids = ['one', 'two', 'three'];
  for (const id of ids) await ledger.update(id, noting('first'));
  const { reads } = objects;
  for (const id of ids) await ledger.update(id, noting('second'));
  expect(objects.reads).toBe(reads);
  for (const id of ids) expect(noted(await ledger.read(id))).toEqual(['first', 'second']);
});

test('a rival that wrote since we looked is not overwritten', async () => {
  const { ledger, other } = world();
  await ledger.update('shop', noting('first'));
  await other.update('shop', noting('theirs'));
  expect(noted(await ledger.update('shop', noting('ours')))).toEqual(['first', 'theirs', 'ours']);
});

test('only what is there now keeps a change from being made', async () => {
  const { ledger, objects, other } = world();
  const once = (what: string) => (record: CertificateRecord) =>
    noted(record).includes(what) ? record : noting(what)(record);
  await ledger.update('shop', once('done'));
  await objects.remove('records/issue/shop.json');
  await ledger.update('shop', once('done'));
  expect(noted(await other.read('shop'))).toEqual(['done']);
});

test('only what is there now refuses a change', async () => {
  const { ledger, objects, other } = world();
  const unlessClosed = (record: CertificateRecord) => {
    if (noted(record).includes('closed')) throw new Error('closed');
    return noting('open')(record);
  };
  await ledger.update('shop', noting('closed'));
  await objects.remove('records/issue/shop.json');
  expect(noted(await ledger.update('shop', unlessClosed))).toEqual(['open']);
  await other.update('shop', noting('closed'));
  await expect(ledger.update('shop', unlessClosed)).rejects.toThrow('closed');
});

test('a rival that creates the record first is not overwritten', async () => {
  const { objects, ledger, other } = world();
  objects.beforeNextWrite(() => other.update('shop', noting('theirs')));
  expect(noted(await ledger.update('shop', noting('ours')))).toEqual(['theirs', 'ours']);
});

test('a write whose answer was lost is recognized and not made twice', async () => {
  const { objects, ledger } = world();
  await ledger.update('shop', noting('first'));
  objects.loseNextAnswer();
  expect(noted(await ledger.update('shop', noting('ours')))).toEqual(['first', 'ours']);
  expect(objects.conditionalWrites).toBe(2);
});

test('a lost answer is recognized even when a rival has written on top meanwhile', async () => {
  const { objects, ledger, other } = world();
  objects.loseNextAnswer(() => other.update('shop', noting('theirs')));
  expect(noted(await ledger.update('shop', noting('ours')))).toEqual(['ours', 'theirs']);
  expect(noted(await ledger.read('shop'))).toEqual(['ours', 'theirs']);
});

test('the answer lost at the last try counts, too', async () => {
  const { objects, ledger } = world();
  objects.refuseNextWrites(9);
  objects.loseNextAnswer();
  expect(noted(await ledger.update('shop', noting('ours')))).toEqual(['ours']);
});

test('ten defeats in a row are a LedgerConflict, after waits of more than two seconds', async () => {
  const { objects, clock, ledger } = world();
  const start = clock.now().getTime();
  objects.refuseNextWrites(10);
  await expect(ledger.update('shop', noting('ours'))).rejects.toMatchObject({
    name: 'LedgerConflict',
    retryable: true,
  });
  expect(clock.now().getTime() - start).toBeGreaterThan(2_000);
  expect(objects.objects.size).toBe(0);
});

test('a change that throws writes nothing', async () => {
  const { objects, ledger } = world();
  const refused = ledger.update('shop', () => {
    throw new Error('no');
  });
  await expect(refused).rejects.toThrow('no');
  expect(objects.conditionalWrites).toBe(0);
});
