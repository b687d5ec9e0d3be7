import { expect, test } from 'vitest';
import { readRecord } from '#cli/record/read-record.ts';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { textWith } from '#shared/deploy/verify/later-proofs.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { partKey } from '#shared/ledger/parts/writers.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { healthy, inDays, now } from '#test/support/healthy.ts';

const key = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/50dc/f2f7';
const provenAt = addMs(now, -7 * hourMs).toISOString();
const again = addMs(now, -hourMs).toISOString();
const clock = { now: () => now, sleep: async () => undefined };

const record = healthy({
  deployments: {
    [key]: {
      ...{ state: 'proven', place: '123456789012/us-east-1', versionId: 'v1', arn: 'arn:acm' },
      ...{ previous: null, baselineSerial: null, failure: null, probe: null, provenAt },
      ...{ changedAt: inDays(-9).toISOString(), nextProbeAt: again },
    },
  },
});

async function stored() {
  const objects = fakeObjectStore();
  await wholeLedger({ objects, clock }).update('shop', (empty) => ({
    ...empty,
    desired: record.desired,
    versions: record.versions,
    deployments: record.deployments,
  }));
  return objects;
}

function reading(objects: Awaited<ReturnType<typeof stored>>) {
  const told: string[] = [];
  const terminal = { complain: (text: string) => void told.push(text) };
  return { told, read: (id: string) => readRecord({ objects, clock, terminal }, id) };
}

test('a proof that verify keeps beside the record is the last one', async () => {
  const objects = await stored();
  const before = await reading(objects).read('shop');
  expect(before?.deployments[key]?.provenAt).toBe(provenAt);

  const nextProbeAt = addMs(now, 5 * hourMs).toISOString();
  const proof = { key, repeats: provenAt, at: again, nextProbeAt, lookedAt: again };
  const since = inDays(-1).toISOString();
  const proofs = { shop: textWith(record, undefined, [proof], now) };
  await s3VerifyBook(objects).update((book) => ({ ...book, since, proofs }));
  const after = await reading(objects).read('shop');
  expect(after?.deployments[key]?.provenAt).toBe(again);
});

test('nobody has written about a certificate: there is no record', async () => {
  expect(await reading(await stored()).read('blog')).toBeNull();
});

test('what cannot be an id is refused', async () => {
  await expect(reading(await stored()).read('../shop')).rejects.toMatchObject({
    name: 'CertificateUnknown',
  });
});

test('a part that others have broken is told, and the rest is read', async () => {
  const objects = await stored();
  await objects.put(partKey('alert', 'shop'), 'no JSON', 'application/json');
  const { read, told } = reading(objects);
  expect((await read('shop'))?.desired).toBe('v1');
  expect(told.join('\n')).toContain('a part of the record counts as absent');
});
