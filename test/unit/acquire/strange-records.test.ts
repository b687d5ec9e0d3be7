import { beforeEach, expect, test } from 'vitest';
import { mostBytes } from '#shared/object-store.ts';
import { workKey } from '#shared/queues/work.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { healthy, inDays, versionOf } from '#test/support/healthy.ts';

let table: ReturnType<typeof desk>;
beforeEach(async () => {
  table = desk();
  const due = versionOf({ notAfter: inDays(5).toISOString() });
  await table.holds(healthy({ versions: [due] }));
});

function plant(id: string, body: string) {
  return table.objects.put(`certificates/${id}/record.json`, body, 'application/json');
}

const asked = () => table.sent.map(workKey);

test.each<[string, string]>([
  ['a hundred MiB', 'x'.repeat(100 << 20)],
  ['more than a stranger may have', ' '.repeat(mostBytes.small + 1)],
  ['no JSON', '{"id":'],
  ['JSON that is no record', '{"id":"aaa"}'],
  ['of the future', JSON.stringify({ ...healthy({ id: 'aaa' }), schemaVersion: 2 })],
])('a record of no certificate of the configuration fails no check: %s', async (_, body) => {
  await plant('aaa', body);
  await table.run();
  expect(asked()).toEqual(['issue:shop']);
  expect(table.warned).toEqual([
    expect.stringMatching(
      /^records that belong to no certificate cannot be read: certificates\/aaa\/record\.json: /,
    ),
  ]);
});

test('thousands of them are one line', async () => {
  for (let n = 0; n < 3_000; n += 1) await plant(`a${n}`, '{');
  await table.run();
  expect(table.warned).toHaveLength(1);
  expect(table.warned[0]).toMatch(/; and 2999 more$/);
  expect(table.warned[0]?.length).toBeLessThan(1_500);
});

test('check remembers what it has sent for one of them', async () => {
  const left = { attemptId: 'a1', solver: 's', zoneId: 'z', name: 'n', value: 'v' };
  await plant('aaa', JSON.stringify(healthy({ id: 'aaa', txt: [left] })));
  await table.run();
  expect(asked()).toContain('issue:aaa');
  await plant('aaa', 'x');
  table.clock.advance(10 * minuteMs);
  await table.run({}, 'run-2');
  expect(Object.keys((await table.sentBook.read()).sent)).toContain('issue:aaa');
});

test('a record that is too large, for a configured certificate, fails the check by its name', async () => {
  await table.objects.put('records/issue/shop.json', 'x'.repeat(mostBytes.record + 1), '');
  await expect(table.run()).rejects.toMatchObject({
    errors: [expect.objectContaining({ name: 'LedgerUnreadable' })],
    message: 'records/issue/shop.json: has 8388609 bytes, more than the 8388608 that are read',
  });
});
