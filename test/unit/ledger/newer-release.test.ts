import fc from 'fast-check';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import type * as z from 'zod/mini';
import { partSchemas } from '#shared/ledger/parts/part.ts';
import { readPart } from '#shared/ledger/parts/part-object.ts';
import { partKey, type Writer, writers } from '#shared/ledger/parts/writers.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { foreignIn, ofNewerRelease } from '#test/support/foreign-fields.ts';
import { partsOfEveryField } from '#test/support/parts-of-every-field.ts';

function stage(writer: Writer) {
  const objects = fakeObjectStore();
  return { objects, ledger: s3Ledger({ objects, clock: virtualClock(), writer }) };
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

test.each(writers)(
  'what %s writes in these tests has every object and every field that it may have',
  (writer) => {
    for (const [shape, values] of objectsIn(partSchemas[writer], [partsOfEveryField()[writer]])) {
      const held = new Set(values.flatMap((value) => Object.keys(value)));
      expect([...held].toSorted()).toEqual(Object.keys(shape).toSorted());
    }
  },
);

test.each(writers)('a field more in any object of %s is read and kept', (writer) => {
  const newer = ofNewerRelease(partsOfEveryField()[writer]);
  expect(foreignIn(newer).size).toBeGreaterThan(1);
  expect(readPart(writer, 'shop', JSON.stringify(newer))).toEqual(newer);
});

/** A change that each writer may make. */
const changes: Readonly<Record<Writer, (record: CertificateRecord) => CertificateRecord>> = {
  check: (record) => ({ ...record, wishTold: 11 }),
  issue: (record) => ({ ...record, acquireFailure: null }),
  deploy: (record) => ({ ...record, imports: {} }),
  verify: (record) => ({ ...record, history: [...record.history, noted] }),
  sync: (record) => ({ ...record, replicas: {} }),
  alert: (record) => ({ ...record, history: [...record.history, noted] }),
};
const noted = { at: '2026-11-22T03:00:00.000Z', stage: 'verify', what: 'noted', why: null };
const changed: Readonly<Record<Writer, readonly string[]>> = {
  check: ['wishTold'],
  issue: ['acquireFailure'],
  deploy: ['imports'],
  verify: ['history'],
  sync: ['replicas'],
  alert: ['history'],
};

test.each(writers)('%s writes an object back as it was, whatever it holds', async (writer) => {
  const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      const { ledger, objects } = stage(writer);
      const newer = ofNewerRelease(partsOfEveryField(), value);
      for (const each of writers) {
        await objects.put(partKey(each, 'shop'), JSON.stringify(newer[each]), 'application/json');
      }
      await ledger.update('shop', changes[writer]);
      const written = JSON.parse(objects.objects.get(partKey(writer, 'shop')) ?? '');
      const own = { ...newer[writer] } as Record<string, unknown>;
      for (const name of [...changed[writer], 'writeIds', 'updatedAt']) delete own[name];
      expect(written.writeIds).toEqual([...newer[writer].writeIds, expect.any(String)]);
      expect(written).toMatchObject(own);
      for (const each of writers.filter((other) => other !== writer)) {
        expect(objects.objects.get(partKey(each, 'shop'))).toBe(JSON.stringify(newer[each]));
      }
    }),
    { numRuns: 15 },
  );
});

test('an event of a type that only a newer release knows is kept, and told', async () => {
  const { ledger, objects } = stage('issue');
  const { issue } = partsOfEveryField();
  const outbox = issue.outbox.map((event) => ({ ...event, type: 'retired-key' }));
  await objects.put(partKey('issue', 'shop'), JSON.stringify({ ...issue, outbox }), '');
  expect((await ledger.read('shop'))?.outbox).toEqual(outbox);
});

test('an object whose schema was raised is left alone, by a name of its own', async () => {
  const { ledger, objects } = stage('issue');
  const key = partKey('issue', 'shop');
  const body = JSON.stringify({ schemaVersion: 3, id: 'shop', versions: { v1: {} } });
  await objects.put(key, body, 'application/json');
  const refusal = {
    name: 'WrittenByNewerRelease',
    message: `${key}: schemaVersion 3 was written by a newer release, and this one knows 2; update the functions`,
  };
  await expect(ledger.read('shop')).rejects.toMatchObject(refusal);
  await expect(
    ledger.update('shop', (record) => ({ ...record, desired: null })),
  ).rejects.toMatchObject(refusal);
  expect(objects.objects.get(key)).toBe(body);
});
