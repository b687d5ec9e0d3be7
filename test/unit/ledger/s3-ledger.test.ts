import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { emptyParts } from '#shared/ledger/parts/part.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import { emptyRecord } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';

const key = 'records/issue/shop.json';

function world() {
  const objects = fakeObjectStore();
  const clock = virtualClock();
  return { objects, clock, ledger: s3Ledger({ objects, clock, writer: 'issue' }) };
}

function noting(what: string) {
  return (record: ReturnType<typeof emptyRecord>) =>
    withHistory(record, { at: '2026-11-22T03:00:00Z', stage: 'check', what, why: null });
}

test('a record that does not exist is read as null and created by its first change', async () => {
  const { ledger, objects } = world();
  expect(await ledger.read('shop')).toBeNull();
  const written = await ledger.update('shop', noting('first'));
  expect(written.history.map(({ what }) => what)).toEqual(['first']);
  expect(await ledger.read('shop')).toEqual(written);
  expect([...objects.objects.keys()]).toEqual([key]);
});

test('a change that returns its argument writes nothing, also where no record is', async () => {
  const { ledger, objects, clock } = world();
  expect(await ledger.update('shop', (record) => record)).toMatchObject({
    ...emptyRecord('shop', clock.now()),
    updatedAt: '1970-01-01T00:00:00.000Z',
  });
  await ledger.update('shop', noting('first'));
  await ledger.update('shop', (record) => record);
  expect(objects.conditionalWrites).toBe(1);
});

test('every write stamps the time and its own id, of which sixteen are kept', async () => {
  const { ledger, clock, objects } = world();
  for (let count = 0; count < 20; count += 1) await ledger.update('shop', noting(`${count}`));
  clock.advance(5_000);
  const record = await ledger.update('shop', noting('last'));
  expect(record.updatedAt).toBe(clock.now().toISOString());
  const { writeIds } = JSON.parse(objects.objects.get(key) ?? '');
  expect(new Set(writeIds).size).toBe(16);
});

test('only the last fifty entries of the history are kept, whoever added them', async () => {
  const { ledger } = world();
  const entry = { at: '2026-11-22T03:00:00Z', stage: 'check', why: null };
  const record = await ledger.update('shop', (before) => ({
    ...before,
    history: Array.from({ length: 60 }, (_, index) => ({ ...entry, what: `${index}` })),
  }));
  expect(record.history).toHaveLength(50);
  expect(record.history.at(-1)?.what).toBe('59');
});

test('a record that is not JSON is unreadable by its key', async () => {
  const { ledger, objects } = world();
  await objects.put(key, '{"schemaVersion":2,', 'application/json');
  await expect(ledger.read('shop')).rejects.toMatchObject({
    name: 'LedgerUnreadable',
    message: expect.stringContaining(key),
  });
});

test('a record that breaks the schema is unreadable and says where and why', async () => {
  const { ledger, objects } = world();
  const broken = { ...emptyParts('shop').issue, leases: { acquire: { fence: 1 } } };
  await objects.put(key, JSON.stringify(broken), 'application/json');
  await expect(ledger.update('shop', noting('x'))).rejects.toMatchObject({
    name: 'LedgerUnreadable',
    message: expect.stringMatching(
      /leases\.acquire\.fence: .*expected string, received number; leases\.acquire\.holder/,
    ),
  });
});

test('a record under the key of another certificate is unreadable', async () => {
  const { ledger, objects } = world();
  await objects.put(key, JSON.stringify(emptyParts('blog').issue), 'application/json');
  await expect(ledger.read('shop')).rejects.toMatchObject({ name: 'LedgerUnreadable' });
});

test('a change that breaks the record is refused before it replaces a good one', async () => {
  const { ledger, objects } = world();
  await ledger.update('shop', noting('good'));
  const before = objects.objects.get(key);
  const broken = ledger.update('shop', (record) => ({
    ...record,
    desired: 5 as never,
  }));
  await expect(broken).rejects.toMatchObject({ name: 'LedgerUnreadable' });
  expect(objects.objects.get(key)).toBe(before);
});

test('listed is of whom somebody has written, or a version is stored; what cannot be an id is none', async () => {
  const { ledger, objects } = world();
  await ledger.update('shop', noting('a'));
  await ledger.update('blog-2', noting('a'));
  await objects.put('records/deploy/mail.json', '{}', 'application/json');
  await objects.put('records/issue/Bad_Id.json', '{}', 'application/json');
  await objects.put('records/issue/more.json.bak', '{}', 'application/json');
  await objects.put('certificates/shop/versions/v1/certificate.pem', 'x', 'text/plain');
  await objects.put('certificates/Bad_Id/record.json', '{}', 'application/json');
  await objects.put('certificates/old/record.json.bak', '{}', 'application/json');
  const listing = await ledger.list();
  expect([...listing.keys()]).toEqual(['old', 'shop', 'blog-2', 'mail']);
  const stored = await objects.get('records/deploy/mail.json');
  expect(listing.get('mail')).toEqual(new Map([['deploy', stored?.etag]]));
});

test.each(['../secrets', 'a/b', '', 'UPPER', `a${'b'.repeat(63)}`])(
  '%j is no id and never becomes part of a key',
  async (id) => {
    const { ledger } = world();
    await expect(ledger.read(id)).rejects.toMatchObject({ name: 'CertificateUnknown' });
    await expect(ledger.update(id, noting('x'))).rejects.toMatchObject({
      name: 'CertificateUnknown',
    });
  },
);
