import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { leftOver, withOver, withoutPlans } from '#shared/acquire/challenges/values.ts';
import { notesOf, progressOf, stopIfOver, stopUnlessLeft } from '#shared/acquire/progress.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import type { TxtIntent } from '#shared/ledger/record/record.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { withinDeadline, withLastWord } from '#shared/time/deadline.ts';
import { attemptOf, failureUntil, healthy, now } from '#test/support/healthy.ts';

const out = { at: now.toISOString(), handle: null };
const value: TxtIntent = {
  attemptId: 'a1',
  solver: 's',
  zoneId: 'z',
  name: 'n',
  value: 'v',
  authorization: 'https://ca.example/authz/1',
  out,
};

/** How often a record was written for so many notes. */
async function writesFor(count: number, flushes = false): Promise<number> {
  let writes = 0;
  const mine = heldRecord(async (change) => {
    writes += 1;
    return change(healthy());
  });
  const notes = notesOf({ mine });
  for (let n = 0; n < count; n += 1) await notes.add((record) => record);
  if (flushes) await notes.flush();
  return writes;
}

test('progress of a small order is written only if the run ends early', async () => {
  expect([await writesFor(9), await writesFor(9, true)]).toEqual([0, 1]);
});

test('progress of a large order is written ten facts at a time', async () => {
  expect([await writesFor(100), await writesFor(105, true)]).toEqual([10, 11]);
});

test('a step of an order is progress, a wait or a failure is none', () => {
  const before = healthy({ attempt: attemptOf(), txt: [{ ...value, out: undefined }] });
  const failed = { ...before, acquireFailure: failureUntil(now) };
  expect(progressOf(failed)).toBe(progressOf(before));
  expect(progressOf({ ...before, txt: [value] })).not.toBe(progressOf(before));
  const settled = attemptOf({ settled: ['https://ca.example/authz/1'] });
  expect(progressOf({ ...before, attempt: settled })).not.toBe(progressOf(before));
});

test('a run begins nothing at its end, and no wait shortly before', () => {
  const clock = virtualClock();
  const run = { clock, waitUntil: addMs(clock.now(), minuteMs) };
  stopIfOver(run);
  expect(() => stopUnlessLeft(run, minuteMs)).toThrow(/had to end/);
  clock.advance(minuteMs);
  expect(() => stopIfOver(run)).toThrow(/had to end/);
});

test('with another configuration it plans everything anew, and removes the published values in the end', () => {
  const record = withoutPlans(healthy({ attempt: attemptOf(), txt: [value] }));
  const { authorization: _, out: __, ...bare } = value;
  expect([record.txt, leftOver(record)]).toEqual([[bare], []]);
});

test('values that a failed try could not remove count as over while the attempt waits', () => {
  const record = healthy({ attempt: attemptOf(), txt: [value] });
  expect(leftOver(record)).toEqual([]);
  expect(leftOver(withOver(record, 'a1'))).toEqual([{ ...value, over: true }]);
});

test('last words are said past the deadline, and again where it passes meanwhile', async () => {
  const ending = new AbortController();
  let tries = 0;
  const said = withinDeadline(ending.signal, () =>
    withLastWord(async () => {
      tries += 1;
      if (tries > 1) return 'said';
      ending.abort();
      throw new Error('cut off');
    }),
  );
  expect([await said, tries]).toEqual(['said', 2]);
});
