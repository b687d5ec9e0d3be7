import { expect, test } from 'vitest';
import { progressOf, type Start } from '#cli/act/follow/progress.ts';
import type { CertificateRecord, Rehearsed } from '#shared/ledger/record/record.ts';
import { attemptOf, healthy, inDays, now } from '#test/support/healthy.ts';

const at = now.toISOString();
const wish = inDays(1).toISOString();
const earlier = { at, reason: 'an earlier one' };
const tried: Rehearsed = {
  ...{ wish, directory: 'https://staging.example/directory', tries: 1, triedAt: wish },
  ...{ doneAt: null, names: 3, validated: 0, failure: null },
};
const start: Start = {
  ...{ id: 'shop', targets: 0, awaits: 'rehearsed' },
  record: healthy({
    rehearsing: earlier,
    rehearsed: { ...tried, wish: at, triedAt: at, doneAt: at },
  }),
};

function seen(change: Partial<Rehearsed> | null, more: Partial<CertificateRecord> = {}) {
  const rehearsing = { at: wish, reason: 'before the freeze' };
  const rehearsed = change && { ...tried, ...change };
  return progressOf(start, healthy({ rehearsing, rehearsed, ...more }));
}

test('the result of an earlier rehearsal is not the one that is waited for', () => {
  expect(progressOf(start, start.record)).toMatchObject({
    ...{ end: null, steps: [], waitsFor: 'issue to begin' },
  });
  expect(seen({ wish: at, doneAt: at }).end).toBeNull();
  expect(seen(null, { attempt: attemptOf() }).waitsFor).toBe('the order under way');
});

test('each try is told, and what it waits for', () => {
  const { end, steps, waitsFor } = seen({ tries: 2 });
  expect(end).toBeNull();
  expect(waitsFor).toBe('staging.example to validate its 3 names');
  expect(steps.map(({ text }) => text)).toEqual([
    'rehearsal of 3 names begun at staging.example, try 2',
  ]);
});

const proof = 'Account, profile, CAA and the proof of names work there; nothing was issued';

test.each([
  [{ validated: 3 }, `all 3 names were validated. ${proof}`],
  [{ names: 1, validated: 1 }, `its name was validated. ${proof}`],
  [
    { validated: 2 },
    `2 of 3 names were validated; 1 was still valid there from before, and not asked for again. ${proof}`,
  ],
  [
    { validated: 0 },
    'all 3 names were still valid there from before, and not asked for again. Account, profile and CAA work there; nothing was issued',
  ],
])('it says what was proven: %j', (change, proven) => {
  expect(seen({ ...change, doneAt: wish }).end).toEqual({
    is: 'done',
    text: `rehearsal passed at staging.example: ${proven}`,
  });
});

test('it says what has failed, and what to do', () => {
  const failure = { error: 'CaaForbids', message: 'example.com: CAA allows another CA.' };
  const { end } = seen({ doneAt: wish, failure });
  expect(end).toMatchObject({
    ...{ is: 'open', lacks: 'did not pass its rehearsal', mends: 'doctor' },
  });
  expect(end?.text).toMatch(
    /^rehearsal failed at staging\.example: CaaForbids: example\.com: CAA allows another CA\. .+ No renewal waits for this$/,
  );
});
