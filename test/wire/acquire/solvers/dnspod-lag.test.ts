import { afterEach, beforeEach, expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/time/clock.ts';
import { startDnspodApi } from '#test/support/dns-apis/dnspod-api.ts';
import { type RecordLab, recordLab, recordService } from '#test/support/record-labs.ts';

const name = '_acme-challenge.example.com';
const values = ['apex', 'wildcard'].map((value) => ({ name, value }));

let lab: RecordLab;
let zoneId: string;
beforeEach(async () => {
  lab = await recordLab({
    ...recordService('dnspod'),
    start: (store, clock) => startDnspodApi(store, clock, 30 * secondMs),
  });
  lab.store.addZone('example.com');
  zoneId = (await lab.solver().zoneFor(name)).zoneId;
});
afterEach(() => lab.close());

test('values are removed before the listing shows them', async () => {
  const solver = lab.solver();
  await solver.publish(zoneId, values);
  const before = lab.clock.now();
  await solver.remove(zoneId, values);
  expect(lab.store.txtAt(name)).toEqual([]);
  expect(lab.clock.now()).toEqual(before);
});

test.each([
  ['the answer was lost', 1],
  ['no answer came at all', 4],
])('a value of which %s is removed once the listing must show it', async (_, lost) => {
  const solver = lab.solver();
  for (let n = 0; n < lost; n += 1) lab.api.loseAnswer('CreateRecord');
  await solver.publish(zoneId, values).catch(() => undefined);
  await solver.remove(zoneId, values);
  expect(lab.store.txtAt(name)).toEqual([]);
});

test('removing a value that was not published a moment ago does not wait for it', async () => {
  const solver = lab.solver();
  await solver.publish(zoneId, values);
  for (const zone of lab.store.zones) zone.records.length = 0;
  lab.clock.advance(minuteMs);
  const before = lab.clock.now();
  await solver.remove(zoneId, values);
  await solver.remove(zoneId, values);
  expect(lab.clock.now()).toEqual(before);
});
