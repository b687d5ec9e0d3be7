import { describe, expect, test } from 'vitest';
import { decideAcquire } from '#shared/acquire/decide.ts';
import { rehearsalBegun, rehearsalEnded } from '#shared/acquire/rehearsal/rehearsed.ts';
import { withWish } from '#shared/check/operator-request.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import {
  attemptOf,
  failureUntil,
  healthy,
  inDays,
  issuers,
  now,
  wanted,
} from '#test/support/healthy.ts';
import { updatedBy } from '#test/support/updated-by.ts';

const at = now.toISOString();
const rehearsing = { at, reason: 'before the freeze' };
const begins = { directory: 'https://staging.example/directory', names: 2 };
const intent = { attemptId: 'a0', solver: 's', zoneId: 'z', name: 'n', value: 'v' };
const waits = (ms: number) => ({
  attempt: attemptOf(),
  acquireFailure: failureUntil(addMs(now, ms)),
  ...{ desired: null, versions: [] },
});

describe('a rehearsal that a person wants', () => {
  test.each<[string, Partial<CertificateRecord>, string]>([
    ['begins where nothing else is due', {}, 'rehearse'],
    ['begins after what died runs have left is cleaned up', { txt: [intent] }, 'rehearse'],
    ['begins while an attempt waits for an hour', waits(hourMs), 'rehearse'],
    ['waits for an attempt that goes on in a minute', waits(minuteMs), 'wait'],
    ['waits for a renewal that is due', { forced: { at, reason: 'leaked' } }, 'begin'],
    ['waits until an attempt that nobody needs is given up', { attempt: attemptOf() }, 'clean-up'],
    [
      'begins in spite of a pause',
      { paused: { at, until: inDays(5).toISOString(), reason: 'a sale' } },
      'rehearse',
    ],
  ])('%s', (_, record, action) => {
    const situation = { certificate: wanted(), issuers, now };
    const decision = (change: Partial<CertificateRecord>) =>
      decideAcquire({ ...situation, record: healthy({ ...record, ...change }) }).action;
    expect(decision({ rehearsing })).toBe(action);
    expect(decision({})).not.toBe('rehearse');
    const done = rehearsalEnded(
      rehearsalBegun(healthy({ ...record, rehearsing }), begins, now),
      { failure: null, validated: 2 },
      now,
    );
    expect(decideAcquire({ ...situation, record: done }).action).not.toBe('rehearse');
  });

  test('is forgotten after a day, as one from the future is', () => {
    const decision = (asked: Date) =>
      decideAcquire({
        ...{ certificate: wanted(), issuers, now },
        record: healthy({ rehearsing: { ...rehearsing, at: asked.toISOString() } }),
      }).action;
    expect(decision(addMs(now, -23 * hourMs))).toBe('rehearse');
    expect(decision(addMs(now, -25 * hourMs))).toBe('none');
    expect(decision(addMs(now, 25 * hourMs))).toBe('none');
  });

  test('is begun again after a run that has died, at most three times', () => {
    let record = healthy({ rehearsing });
    for (const tries of [1, 2, 3, 4]) {
      record = rehearsalBegun(record, begins, now);
      expect(record.rehearsed).toMatchObject({ tries, doneAt: null });
    }
    expect(rehearsalBegun(record, begins, now).rehearsed).toMatchObject({
      doneAt: at,
      failure: { error: 'RunOutOfTime', message: 'its runs have ended 4 times before it was over' },
    });
  });

  test('goes on where a run has ended too early, and counts what its CA has validated', () => {
    const slow = { error: 'OrderTimedOut', message: 'order is still pending' };
    const first = rehearsalEnded(
      rehearsalBegun(healthy({ rehearsing }), begins, now),
      { failure: slow, validated: 1 },
      now,
    );
    expect(first.rehearsed).toMatchObject({ doneAt: null, validated: 1, failure: slow });
    expect(first.history).toEqual([]);
    const again = rehearsalBegun(first, begins, now);
    const same = rehearsalEnded(again, { failure: null, validated: 1 }, now);
    // It may be the same name as in the first try.
    expect(same.rehearsed).toMatchObject({ doneAt: at, validated: 1 });
    const passed = rehearsalEnded(again, { failure: null, validated: 2 }, now);
    expect(passed.rehearsed).toMatchObject({ doneAt: at, validated: 2, failure: null, tries: 2 });
    expect(passed.history.at(-1)).toEqual({
      ...{ at, stage: 'issue', why: 'before the freeze' },
      what: 'rehearsal passed at staging.example: both names were validated',
    });
    expect(rehearsalEnded(passed, { failure: slow, validated: 0 }, now)).toBe(passed);
  });

  test('fails at once with what is no matter of time', () => {
    const failure = { error: 'CaaForbids', message: 'example.com: CAA allows another CA' };
    const record = rehearsalBegun(healthy({ rehearsing }), begins, now);
    const failed = rehearsalEnded(record, { failure, validated: 0 }, now);
    expect(failed.rehearsed).toMatchObject({ doneAt: at, failure });
  });

  test('is written by check, and its result by issue', () => {
    const wish = { kind: 'rehearse', reason: 'a freeze', overrides: false, runId: 'r1' } as const;
    const asked = updatedBy('check', healthy(), (record) => withWish(record, wish, now), now);
    expect(asked.rehearsing).toEqual({ at, reason: 'a freeze' });
    const begun = updatedBy('issue', asked, (each) => rehearsalBegun(each, begins, now), now);
    expect(begun.rehearsed).toMatchObject({ wish: at, tries: 1 });
  });
});

test('check sends for it, after everything that is due, and refuses what cannot be rehearsed', async () => {
  const asked = { certificates: ['shop'], rehearse: true, reason: 'a freeze' } as const;
  const without = desk({ noRehearsal: { local: 'local has no staging directory' } });
  await without.holds(healthy());
  await expect(without.run(asked)).rejects.toMatchObject({
    name: 'NoRehearsal',
    message: 'shop: local has no staging directory',
  });
  expect((await without.record())?.rehearsing).toBeNull();
  const { holds, record, run, sent } = desk();
  await holds(healthy());
  expect(await run(asked)).toMatchObject([{ action: 'rehearse', reason: '"a freeze"' }]);
  expect(sent).toEqual([{ kind: 'issue', certificate: 'shop' }]);
  expect((await record())?.rehearsing).toMatchObject({ reason: 'a freeze' });
});
