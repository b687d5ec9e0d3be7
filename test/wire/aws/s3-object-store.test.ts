import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { s3, s3Service } from 'local-cloud/services/s3/service.ts';
import { type LocalFront, localFront } from 'local-cloud/test/wire/local-front.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parsedListing } from '#shared/adapters/s3-listing.ts';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { mostBytes, type ObjectStore } from '#shared/object-store.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

const bucket = 'certkeep-ledger';
let front: LocalFront;
let clock: VirtualClock;
let client: S3Client;
let store: ObjectStore;

beforeEach(async () => {
  clock = virtualClock();
  front = await localFront([s3Service(s3({ clock }))]);
  client = new S3Client(localClientOptions(front));
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  store = s3ObjectStore({ client, bucket, owner: homeAccount, clock });
});

afterEach(async () => {
  client.destroy();
  await front.close();
});

function calls(operation: string) {
  return front.faults.calls.filter((call) => call.operation === operation).length;
}

test('an object comes back as it was put; one that is missing is null', async () => {
  await store.put('a/b.pem', 'Grüße', 'application/x-pem-file');
  expect(Buffer.from((await store.get('a/b.pem'))?.body ?? []).toString()).toBe('Grüße');
  expect(await store.get('a/c.pem')).toBeNull();
});

test('a missing bucket is an error and not a missing object', async () => {
  const elsewhere = s3ObjectStore({ client, bucket: 'nowhere', owner: homeAccount, clock });
  await expect(elsewhere.get('a')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await expect(elsewhere.putIf('a', '{}', '"e"')).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('somebody else’s bucket is neither read nor written, whatever its name', async () => {
  const theirs = s3ObjectStore({ client, bucket, owner: '999999999999', clock });
  const calls: readonly (() => Promise<unknown>)[] = [
    () => theirs.get('a'),
    () => theirs.put('a', '', 'text/plain'),
    () => theirs.putIf('a', '{}', null),
    () => theirs.remove('a'),
    () => theirs.folders('a/'),
    () => theirs.page('a/', null),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('a conditional write passes over what it saw, and conflicts with anything else', async () => {
  const first = await store.putIf('r', '1', null);
  expect(first.outcome).toBe('written');
  expect(await store.putIf('r', '2', null)).toEqual({ outcome: 'conflict' });
  const etag = first.outcome === 'written' ? first.etag : '';
  expect(await store.get('r')).toMatchObject({ etag });
  expect((await store.putIf('r', '2', etag)).outcome).toBe('written');
  expect(await store.putIf('r', '3', etag)).toEqual({ outcome: 'conflict' });
});

test('a write over an object that was deleted meanwhile conflicts', async () => {
  const first = await store.putIf('r', '1', null);
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'r' }));
  const etag = first.outcome === 'written' ? first.etag : '';
  expect(await store.putIf('r', '2', etag)).toEqual({ outcome: 'conflict' });
});

test('an object larger than the limit is not read, and its connection serves the next request', async () => {
  await store.put('large', Buffer.alloc(mostBytes.small + 1, 'x'), 'text/plain');
  const { etag } = (await store.get('large', mostBytes.record)) ?? {};
  for (let times = 0; times < 60; times += 1) {
    await expect(store.get('large')).rejects.toMatchObject({
      name: 'LedgerUnreadable',
      message: 'large: has 1048577 bytes, more than the 1048576 that are read',
      etag,
    });
  }
  await store.put('large', 'small', 'text/plain');
  expect(Buffer.from((await store.get('large'))?.body ?? []).toString()).toBe('small');
});

test('an object of unknown length is read up to the limit', async () => {
  let sent = 0;
  const endless = new Readable({
    read() {
      sent += 1 << 16;
      this.push(Buffer.alloc(1 << 16));
    },
  });
  const send = async () => ({ Body: endless, ETag: '"e"' });
  const silent = s3ObjectStore({
    client: { send } as unknown as S3Client,
    bucket,
    owner: homeAccount,
    clock,
  });
  await expect(silent.get('endless')).rejects.toMatchObject({
    name: 'LedgerUnreadable',
    message: 'endless: more than the 1048576 that are read',
  });
  expect(endless.destroyed).toBe(true);
  expect(sent).toBeLessThan(2 << 20);
});

test('a record may be larger than a small object, and no larger than a record', async () => {
  const ledger = s3Ledger({ objects: store, clock, writer: 'issue' });
  await ledger.update('shop', (record) => ({ ...record, desired: 'v1' }));
  const { body = new Uint8Array() } = (await store.get('records/issue/shop.json')) ?? {};
  const padded = (bytes: number) => Buffer.from(body).toString().padEnd(bytes);
  await store.put('records/issue/shop.json', padded(2 << 20), 'application/json');
  expect((await ledger.read('shop'))?.desired).toBe('v1');
  await store.put('records/issue/shop.json', padded(9 << 20), 'application/json');
  await expect(ledger.read('shop')).rejects.toMatchObject({ name: 'LedgerUnreadable' });
});

const overlap = {
  when: ({ operation }: { operation: string }) => operation === 'PutObject',
  fault: { do: 'refuse', code: 'ConditionalRequestConflict', status: 409 },
} as const;

test('a 409 is waited out and tried again', async () => {
  front.faults.add({ ...overlap, times: 2 });
  const start = clock.now().getTime();
  expect((await store.putIf('r', '1', null)).outcome).toBe('written');
  expect(clock.now().getTime() - start).toBe(300);
});

test('a 409 that stays is a conflict after five tries', async () => {
  front.faults.add({ ...overlap, times: Number.POSITIVE_INFINITY });
  expect(await store.putIf('r', '1', null)).toEqual({ outcome: 'conflict' });
  expect(calls('PutObject')).toBe(5);
});

test('a listing of more than a thousand folders is whole', async () => {
  const names = Array.from({ length: 1_005 }, (_, index) => String(index).padStart(4, '0'));
  for (let start = 0; start < names.length; start += 40) {
    const some = names.slice(start, start + 40);
    await Promise.all(some.map((name) => store.put(`p/${name}/record`, '', 'text/plain')));
  }
  await store.put('p/0000/another', '', 'text/plain');
  await store.put('q/other/record', '', 'text/plain');
  expect(await store.folders('p/')).toEqual(names);
  expect(calls('ListObjectsV2')).toBe(2);
});

test('a page lists a thousand objects in the order of their keys, with the ETags that reads show', async () => {
  const keys = Array.from({ length: 1_005 }, (_, index) => `p/${String(index).padStart(4, '0')}`);
  for (let start = 0; start < keys.length; start += 40) {
    const some = keys.slice(start, start + 40);
    await Promise.all(some.map((key) => store.put(key, key, 'text/plain')));
  }
  await store.put('q/other', '', 'text/plain');
  const first = await store.page('p/', null);
  expect(first.objects.map(({ key }) => key)).toEqual(keys.slice(0, 1_000));
  expect(first.isLast).toBe(false);
  const second = await store.page('p/', first.objects.at(-1)?.key ?? null);
  expect(second.objects.map(({ key }) => key)).toEqual(keys.slice(1_000));
  expect(second.isLast).toBe(true);
  expect(second.objects.at(-1)?.etag).toBe((await store.get('p/1004'))?.etag);
  expect(await store.page('p/', 'p/1004')).toEqual({ objects: [], isLast: true });
});

test('the ledger recognizes its own write when the answer is lost and the SDK sends it again', async () => {
  const ledger = s3Ledger({ objects: store, clock, writer: 'issue' });
  front.faults.add({
    when: ({ operation }) => operation === 'PutObject',
    fault: { do: 'lose-answer' },
  });
  await ledger.update('shop', (record) => ({ ...record, desired: 'v1' }));
  expect(calls('PutObject')).toBe(2);
  const { body = '' } = (await store.get('records/issue/shop.json')) ?? {};
  expect(JSON.parse(Buffer.from(body).toString()).writeIds).toHaveLength(1);
});

const proven = {
  provenAt: null,
  nextCheckAt: '2026-11-22T03:00:00.000Z',
  failures: 0,
  failure: null,
};

test('ledgers of two processes lose no change to each other', async () => {
  const ledgers = [1, 2].map(() => s3Ledger({ objects: store, clock, writer: 'issue' }));
  const changes = ledgers.flatMap((ledger, index) =>
    ['a', 'b'].map((name) =>
      ledger.update('shop', (record) => ({
        ...record,
        fallbacks: { ...record.fallbacks, [`${name}${index}`]: proven },
      })),
    ),
  );
  await Promise.all(changes);
  const record = await ledgers[0]?.read('shop');
  expect(Object.keys(record?.fallbacks ?? {}).sort()).toEqual(['a0', 'a1', 'b0', 'b1']);
});

test('keys and ETags of a listing are what the SDK reads, whatever a key is made of', async () => {
  const keys = ['p/a&b <c> "d".json', "p/it's.json", 'p/Grüße/日本.json', 'p/&amp;.json', 'p/x;y'];
  for (const key of keys) await store.put(key, key, 'text/plain');
  const read = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'p/' }));
  const expected = read.Contents?.map(({ ETag: etag, Key: key }) => ({ key, etag }));
  expect((await store.page('p/', null)).objects).toEqual(expected);
  expect(expected?.map(({ key }) => key).sort()).toEqual(keys.toSorted());
});

test('a page whose answer is lost is asked for again', async () => {
  await store.put('p/a', 'a', 'text/plain');
  front.faults.add({
    when: ({ operation }) => operation === 'ListObjectsV2',
    fault: { do: 'lose-answer' },
  });
  expect((await store.page('p/', null)).objects.map(({ key }) => key)).toEqual(['p/a']);
});

test('an answer that has fewer keys than it says is left to the SDK', () => {
  const entry = '<Contents><Key>a&#x41;&#66;</Key><ETag>&quot;1&quot;</ETag></Contents>';
  const answer = (count: number) =>
    `<ListBucketResult><KeyCount>${count}</KeyCount>${entry}</ListBucketResult>`;
  const objects = [{ key: 'aAB', etag: '"1"' }];
  expect(parsedListing(answer(1)).found).toEqual({ objects, prefixes: [] });
  expect(parsedListing(answer(2)).found).toBeNull();
  expect(parsedListing('<ListBucketResult></ListBucketResult>').found).toBeNull();
  const grouped = '<ListBucketResult><Prefix>p/</Prefix><KeyCount>2</KeyCount>';
  const folders = '<CommonPrefixes><Prefix>p/a&amp;b/</Prefix></CommonPrefixes>';
  expect(parsedListing(`${grouped}${entry}${folders}`)).toEqual({
    found: { objects, prefixes: ['p/a&b/'] },
    rest: grouped,
  });
});
