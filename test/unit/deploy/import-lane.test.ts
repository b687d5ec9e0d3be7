import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { describe, expect, test } from 'vitest';
import {
  importEveryMs,
  type Lane,
  reserve,
  s3ImportLane,
  type Wanted,
} from '#shared/deploy/import/import-lane.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { silentLog } from '#test/support/silent-log.ts';

const place = '000000000000/us-east-1';
const now = new Date('2026-11-22T03:00:00Z');

describe('the place in the lane', () => {
  const free = { nextFreeAt: new Date(0) };
  const takenFor = (ms: number): Lane => ({ nextFreeAt: addMs(now, ms) });

  test.each<[string, Lane, Wanted, number | 'full', number]>([
    ['of a free lane is now', free, {}, 0, importEveryMs],
    ['comes after those who have reserved', takenFor(5_000), {}, 5_000, 5_000 + importEveryMs],
    [
      'comes after a time that ACM has throttled until',
      free,
      { notBefore: addMs(now, 2_000) },
      2_000,
      2_000 + importEveryMs,
    ],
    [
      'is refused where it is more than 75 s away',
      takenFor(76 * secondMs),
      {},
      'full',
      76 * secondMs,
    ],
    [
      'of a put-back is three turns away at most',
      takenFor(20_000),
      { isUrgent: true },
      3 * importEveryMs,
      20_000 + importEveryMs,
    ],
    [
      'of a put-back is never refused',
      takenFor(60_000),
      { isUrgent: true },
      3 * importEveryMs,
      60_000 + importEveryMs,
    ],
    [
      'does not wait for a time that nobody can have reserved',
      takenFor(10 * minuteMs),
      {},
      0,
      importEveryMs,
    ],
  ])('%s', (_, lane, wanted, atMs, nextMs) => {
    const made = reserve(lane, now, wanted);
    const expected =
      atMs === 'full'
        ? { outcome: 'full', freeAt: addMs(now, nextMs) }
        : { outcome: 'reserved', at: addMs(now, atMs), lane: { nextFreeAt: addMs(now, nextMs) } };
    expect(made).toEqual(expected);
  });
});

function lab() {
  const objects = fakeObjectStore();
  const clock = virtualClock(now);
  const warned: unknown[] = [];
  const log = { ...silentLog, warn: (_: string, fields: unknown) => void warned.push(fields) };
  return { objects, clock, warned, laneOf: () => s3ImportLane({ objects, clock, log }, place) };
}

test('runs in several containers take their turns one after the other', async () => {
  const { clock, laneOf } = lab();
  const turns: number[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      await laneOf().turn();
      turns.push(clock.now().getTime() - now.getTime());
    }),
  );
  const wanted = Array.from({ length: 8 }, (_, index) => index * importEveryMs);
  expect(turns.toSorted((a, b) => a - b)).toEqual(wanted);
});

test('a run that dies after its reservation costs one turn', async () => {
  const { clock, laneOf } = lab();
  await laneOf().turn();
  await laneOf().turn();
  expect(clock.now()).toEqual(addMs(now, importEveryMs));
});

test('a run that finds the lane reserved for too long learns until when, reserves nothing, and waits', async () => {
  const { clock, objects, laneOf } = lab();
  const nextFreeAt = addMs(now, 100 * secondMs).toISOString();
  await objects.putIf(`lanes/${place}.json`, JSON.stringify({ nextFreeAt }), null);
  await expect(laneOf().turn()).rejects.toMatchObject({
    name: 'ImportLaneFull',
    retryAt: new Date(nextFreeAt),
  });
  expect(objects.objects.get(`lanes/${place}.json`)).toContain(nextFreeAt);
  expect(clock.now()).toEqual(addMs(now, 25 * secondMs));
});

test('the imports of one run reserve their turns in two writes', async () => {
  const { clock, objects, laneOf } = lab();
  const lane = laneOf();
  const turns: number[] = [];
  await Promise.all(
    Array.from({ length: 25 }, async () => {
      await lane.turn();
      turns.push(clock.now().getTime() - now.getTime());
    }),
  );
  expect(turns).toEqual(Array.from({ length: 25 }, (_, index) => index * importEveryMs));
  expect(objects.conditionalWrites).toBe(2);
});

test('a lane that cannot be written costs a second and stops no import', async () => {
  const { objects, clock, warned, laneOf } = lab();
  objects.refuseNextWrites(99);
  await laneOf().turn({ isUrgent: true });
  expect(clock.now()).toEqual(addMs(now, importEveryMs));
  expect(warned).toMatchObject([{ outcome: 'LedgerConflict', place }]);
});

test('an object that is no lane is written anew', async () => {
  const { objects, clock, laneOf } = lab();
  await objects.putIf(`lanes/${place}.json`, 'null', null);
  await laneOf().turn();
  expect(clock.now()).toEqual(now);
  const next = addMs(now, importEveryMs).toISOString();
  expect(objects.objects.get(`lanes/${place}.json`)).toBe(JSON.stringify({ nextFreeAt: next }));
});
