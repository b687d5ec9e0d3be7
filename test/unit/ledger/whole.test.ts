import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { joined, partsFollowing } from '#shared/ledger/parts/join.ts';
import type { Parts } from '#shared/ledger/parts/part.ts';
import { readPart } from '#shared/ledger/parts/part-object.ts';
import { partsOf, wholeOf } from '#shared/ledger/parts/whole.ts';
import { writers } from '#shared/ledger/parts/writers.ts';
import { readRecord } from '#shared/ledger/record/record-object.ts';
import { recordOfEveryField } from '#test/support/record-of-every-field.ts';

/** Records as the release before has written them, in the middle of a renewal and after it. */
const stored = ['attempt-under-way', 'served'] as const;

function textOf(name: (typeof stored)[number]): string {
  const file = new URL(`./fixtures/whole-record-${name}.json`, import.meta.url);
  return readFileSync(file, 'utf8');
}

test.each(stored)(
  'a record of the previous release becomes the parts of each writer: %s',
  (name) => {
    const written = JSON.parse(textOf(name));
    const record = readRecord('shop', textOf(name));
    const parts = partsOf(record);
    for (const writer of writers) {
      const body = JSON.stringify(parts[writer]);
      expect(readPart(writer, 'shop', body)).toEqual(JSON.parse(body));
    }
    const read = joined('shop', partsFollowing('shop', parts as Parts), 'check');
    const { schemaVersion: _, writeIds: __, history, sentEvents, ...same } = written;
    expect(read).toMatchObject(same);
    expect(read.history).toHaveLength(history.length);
    expect(new Set(read.sentEvents.map(({ id }) => id))).toEqual(
      new Set(sentEvents.map(({ id }: { id: string }) => id)),
    );
  },
);

test.each(stored)('and it is what the release before would read again: %s', (name) => {
  const written = JSON.parse(textOf(name));
  const read = joined(
    'shop',
    partsFollowing('shop', partsOf(readRecord('shop', textOf(name)))),
    'check',
  );
  const whole = JSON.parse(JSON.stringify(wholeOf(read)));
  for (const [field, value] of Object.entries(written)) {
    if (['writeIds', 'history', 'sentEvents'].includes(field)) continue;
    expect([field, whole[field]]).toEqual([field, value]);
  }
  expect(whole.writeIds).toEqual([]);
  expect(readRecord('shop', JSON.stringify(whole))).toMatchObject({ desired: written.desired });
});

test('a whole record of every field is read as it was written', () => {
  const record = { ...recordOfEveryField(), overriddenAt: null };
  const whole = JSON.stringify(wholeOf(record));
  expect(readRecord('shop', whole)).toMatchObject(record);
  expect(JSON.parse(whole)).not.toHaveProperty('overriddenAt');
  const [place] = Object.values(JSON.parse(whole).imports) as {
    retired: { use: { told: number } }[];
  }[];
  // Where releases before look for it.
  expect(place?.retired.map(({ use }) => use.told)).toEqual([7]);
});
