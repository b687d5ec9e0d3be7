import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { writeWholeRecords } from '#scripts/go-back/whole-records.ts';
import * as deployment from '#shared/deploy/deployment.ts';
import { partKey, type Writer, writers } from '#shared/ledger/parts/writers.ts';
import { readRecord } from '#shared/ledger/record/record-object.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { place, recordOfEveryField, target } from '#test/support/record-of-every-field.ts';

const key = 'certificates/shop/record.json';

async function installation() {
  const objects = fakeObjectStore();
  const clock = virtualClock();
  const whole = wholeLedger({ objects, clock });
  const { sentEvents: _, ...record } = recordOfEveryField();
  await whole.update('shop', () => ({ ...record, sentEvents: [], leases: {} }));
  const before = await whole.read('shop');
  return { objects, clock, whole, before, ports: { objects, clock, say: () => undefined } };
}

test('the parts of a record become one object, and nothing else is left', async () => {
  const { before, objects, ports } = await installation();
  expect(await writeWholeRecords(ports)).toEqual({ written: 1 });
  expect([...objects.objects.keys()]).toEqual([key]);
  const { history: _, updatedAt: __, ...same } = before as NonNullable<typeof before>;
  expect(readRecord('shop', objects.objects.get(key) ?? '')).toMatchObject(same);
  expect(await writeWholeRecords(ports)).toEqual({ written: 1 });
});

test.each(writers.map((_, index) => index))(
  'one that dies after it has removed %i of them loses nothing when it is repeated',
  async (most) => {
    const { before, objects, ports, whole } = await installation();
    let removed = 0;
    const remove = async (at: string) => {
      if (removed === most) throw new Error('dead');
      removed += 1;
      await objects.remove(at);
    };
    const dying = { ...ports, objects: { ...objects, remove } };
    await expect(writeWholeRecords(dying)).rejects.toThrow('dead');
    await writeWholeRecords(ports);
    const { history: _, updatedAt: __, ...same } = before as NonNullable<typeof before>;
    expect(await whole.read('shop')).toMatchObject(same);
  },
);

test('an unreadable object is not removed', async () => {
  const { objects, ports } = await installation();
  await objects.put(partKey('verify', 'shop'), 'x', '');
  await expect(writeWholeRecords(ports)).rejects.toMatchObject({ name: 'LedgerUnreadable' });
  expect(objects.objects.has(key)).toBe(false);
  expect(objects.objects.get(partKey('verify', 'shop'))).toBe('x');
});

test('while a run is at work nothing is written', async () => {
  const { clock, objects, ports } = await installation();
  const until = addMs(clock.now(), minuteMs).toISOString();
  await s3Ledger({ objects, clock, writer: 'issue' }).update('shop', (record) => ({
    ...record,
    leases: { acquire: { fence: 'f', holder: 'run', until } },
  }));
  expect(await writeWholeRecords(ports)).toEqual({ held: [`shop: acquire until ${until}`] });
  expect(objects.objects.has(key)).toBe(false);
});

test('a verdict of before counts for no target that deploy has changed since, however far it came', async () => {
  const { clock, objects, ports, whole } = await installation();
  await writeWholeRecords(ports);
  const at = clock.now();
  const nextProbeAt = addMs(at, minuteMs);
  const as = (writer: Writer) => s3Ledger({ objects, clock, writer });
  await as('verify').update('shop', (record) =>
    deployment.proven(record, target, { at, nextProbeAt }),
  );
  clock.advance(minuteMs);
  const deploy = { place, version: { id: 'v1' } };
  await as('deploy').update('shop', (record) =>
    deployment.confirmed(record, deploy, { key: target, arn: 'arn:2', at: clock.now() }),
  );
  let removed = 0;
  const remove = async (key: string) => {
    if (removed === 3) throw new Error('dead');
    removed += 1;
    await objects.remove(key);
  };
  const dying = { ...ports, objects: { ...objects, remove } };
  await expect(writeWholeRecords(dying)).rejects.toThrow('dead');
  expect(objects.objects.has(partKey('deploy', 'shop'))).toBe(false);
  expect(objects.objects.has(partKey('verify', 'shop'))).toBe(true);
  expect((await whole.read('shop'))?.deployments[target]?.state).toBe('awaiting-proof');
});
