import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '#cloud/clock.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';

const start = new Date('2026-11-22T03:00:30Z');

test('time moves to the next wake-up while somebody sleeps', async () => {
  const clock = virtualClock(start);
  await clock.sleep(6 * hourMs);
  expect(clock.now()).toEqual(new Date('2026-11-22T09:00:30Z'));
});

test('a clock that jumps stops at every whole minute on its way', () => {
  const clock = virtualClock(start);
  const seen: string[] = [];
  const end = clock.onMinute(() => seen.push(clock.now().toISOString().slice(11, 19)));
  clock.advance(2 * minuteMs);
  end();
  clock.advance(hourMs);
  expect(seen).toEqual(['03:01:00', '03:02:00']);
});

test('a clock cannot go back', () => {
  const clock = virtualClock(start);
  expect(() => clock.advance(-1)).toThrow('the clock cannot go back by 1 ms');
  expect(clock.now()).toEqual(start);
});
