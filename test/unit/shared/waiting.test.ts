import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { errorName } from '#shared/errors.ts';
import { addMs, secondMs } from '#shared/time/clock.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import {
  evenly,
  jittered,
  onlyAfter,
  pause,
  pauseUntil,
  pauseWithin,
  poll,
  type Retries,
  retry,
} from '#shared/time/waiting.ts';

const seconds = (...each: readonly number[]) => each.map((second) => second * secondMs);

/** A clock, and the seconds since the start at which something was tried on it. */
function tried() {
  const clock = virtualClock();
  const start = clock.now().getTime();
  const at: number[] = [];
  return { clock, at, note: () => at.push((clock.now().getTime() - start) / secondMs) };
}

function refusal(name: string): Error {
  return Object.assign(new Error(name), { name });
}

test('a look is repeated after each wait until something is there', async () => {
  const { clock, at, note } = tried();
  const look = async () => (note() === 3 ? 'there' : null);
  expect(await poll(clock, { waitsMs: seconds(1, 2, 4) }, look)).toBe('there');
  expect(at).toEqual([0, 1, 3]);
});

test('there is one look more than waits, and then nothing was there', async () => {
  const { clock, at, note } = tried();
  const look = async () => {
    note();
    return null;
  };
  expect(await poll(clock, evenly(3, 2 * secondMs), look)).toBe(null);
  expect(at).toEqual([0, 2, 4]);
});

test('with patience the last wait repeats, and what the tries take counts', async () => {
  const { clock, at, note } = tried();
  const retries: Retries = {
    waitsMs: seconds(1, 5),
    patienceMs: 20 * secondMs,
    waitFor: onlyAfter(() => true),
  };
  const call = async () => {
    note();
    await clock.sleep(2 * secondMs);
    throw refusal('Denied');
  };
  await expect(retry(clock, retries, call)).rejects.toThrow('Denied');
  expect(at).toEqual([0, 3, 10, 17, 24]);
});

test('an error that no other try helps against is thrown at once', async () => {
  const { clock, at, note } = tried();
  const retries: Retries = {
    waitsMs: seconds(1, 1, 1),
    waitFor: onlyAfter((error) => errorName(error) === 'Busy'),
  };
  const call = async (tries: number) => {
    note();
    throw refusal(tries === 2 ? 'Forbidden' : 'Busy');
  };
  await expect(retry(clock, retries, call)).rejects.toThrow('Forbidden');
  expect(at).toEqual([0, 1]);
});

test('a pause ends with the deadline of the run, and says its reason', async () => {
  const { clock } = tried();
  const ending = new AbortController();
  const paused = withinDeadline(ending.signal, () => pause(clock, 60 * secondMs));
  ending.abort(new Error('the run ends'));
  await expect(paused).rejects.toThrow('the run ends');
});

test('it does not wait for a try that would come after the end', async () => {
  const { clock } = tried();
  const start = clock.now();
  expect(await pauseWithin(clock, 2 * secondMs, addMs(start, secondMs))).toBe(false);
  expect(clock.now()).toEqual(start);
  expect(await pauseWithin(clock, 2 * secondMs, addMs(start, 2 * secondMs))).toBe(true);
  expect(clock.now()).toEqual(addMs(start, 2 * secondMs));
});

test('a time that has come is not waited for', async () => {
  const { clock } = tried();
  const start = clock.now();
  await pauseUntil(clock, addMs(start, -1));
  expect(clock.now()).toEqual(start);
  await pauseUntil(clock, addMs(start, 3));
  expect(clock.now()).toEqual(addMs(start, 3));
});

test('full jitter takes any part of a wait', () => {
  expect([0, 0.5, 1].map((part) => jittered(() => part, 3))).toEqual([0, 2, 3]);
});
