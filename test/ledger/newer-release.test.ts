import fc from 'fast-check';
import { expect, test } from 'vitest';
import type * as z from 'zod/mini';
import { recordSchema } from '#shared/ledger/record/record.ts';
import { readRecord } from '#shared/ledger/record/record-object.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { foreignIn, ofNewerRelease } from '#test/support/foreign-fields.ts';
import { recordOfEveryField } from '#test/support/record-of-every-field.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const key = 'certificates/shop/record.json';

function stage() {
  const objects = fakeObjectStore();
  return { objects, ledger: s3Ledger({ objects, clock: virtualClock() }) };
}

/** Every object of a schema, with the values that stand for it. */
function objectsIn(
  schema: z.core.$ZodType,
  values: readonly unknown[],
): readonly (readonly [object, readonly object[]])[] {
  const { def } = schema._zod as unknown as {
    def: { type: string } & Record<'shape' | 'element' | 'valueType' | 'innerType', never>;
  };
  const present = values.filter((value) => value !== null && value !== undefined);
  switch (def.type) {
    case 'object': {
      const shape = def.shape as unknown as Record<string, z.core.$ZodType>;
      const inner = Object.entries(shape).flatMap(([name, each]) =>
        objectsIn(
          each,
          present.map((value) => Object(value)[name]),
        ),
      );
      return [[shape, present as object[]], ...inner];
    }
    case 'array':
      return objectsIn(def.element, present.flat());
    case 'record':
      return objectsIn(
        def.valueType,
        present.flatMap((value) => Object.values(value as object)),
      );
    case 'nullable':
    case 'optional':
    case 'default':
      return objectsIn(def.innerType, present);
    default:
      return [];
  }
}

test('the record of these tests has every object and every field that a record may have', () => {
  for (const [shape, values] of objectsIn(recordSchema, [recordOfEveryField()])) {
    const held = new Set(values.flatMap((value) => Object.keys(value)));
    expect([...held].toSorted()).toEqual(Object.keys(shape).toSorted());
  }
});

test('a field more in any object is read and kept', () => {
  const newer = ofNewerRelease(recordOfEveryField());
  expect(foreignIn(newer).size).toBeGreaterThan(30);
  expect(readRecord('shop', JSON.stringify(newer))).toEqual(newer);
});

test('whatever it holds, it is written back as it was', async () => {
  const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      const { ledger, objects } = stage();
      const newer = ofNewerRelease(recordOfEveryField(), value);
      await objects.put(key, JSON.stringify(newer), 'application/json');
      await ledger.update('shop', (record) => ({ ...record, forced: null }));
      const { forced: _forced, writeIds, updatedAt: _at, ...others } = newer;
      const written = JSON.parse(objects.objects.get(key) ?? '');
      expect(written).toMatchObject({ forced: null, writeIds: [...writeIds, expect.any(String)] });
      expect({ ...written, ...others }).toEqual(written);
    }),
    { numRuns: 50 },
  );
});

test('an event of a type that only a newer release knows is kept', () => {
  const record = recordOfEveryField();
  const outbox = record.outbox.map((event) => ({ ...event, type: 'retired-key' }));
  expect(readRecord('shop', JSON.stringify({ ...record, outbox })).outbox).toEqual(outbox);
});

test('a record whose schema was raised is left alone, by a name of its own', async () => {
  const { ledger, objects } = stage();
  const body = JSON.stringify({ schemaVersion: 2, id: 'shop', versions: { v1: {} } });
  await objects.put(key, body, 'application/json');
  const refusal = {
    name: 'WrittenByNewerRelease',
    message: `${key}: schemaVersion 2 was written by a newer release, and this one knows 1; update the functions`,
  };
  await expect(ledger.read('shop')).rejects.toMatchObject(refusal);
  await expect(
    ledger.update('shop', (record) => ({ ...record, forced: null })),
  ).rejects.toMatchObject(refusal);
  expect(objects.objects.get(key)).toBe(body);
});
