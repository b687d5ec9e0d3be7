import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { inBatches } from '#shared/each.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { ttlCache } from '#shared/time/ttl-cache.ts';

function lab() {
  const clock = virtualClock();
  const asked: string[] = [];
  let isDown = false;
  const answers = ttlCache(clock, minuteMs, async (key) => {
    asked.push(key);
    await Promise.resolve();
    if (isDown) throw new Error(`no ${key}`);
    return `${key} ${asked.length}`;
  });
  const setDown = (down: boolean) => {
    isDown = down;
  };
  return { clock, asked, answers, setDown };
}

test('an answer is asked for once, by however many at once, until it is old', async () => {
  const { clock, asked, answers } = lab();
  expect(await Promise.all([answers.get('a'), answers.get('a'), answers.get('b')])).toEqual([
    'a 2',
    'a 2',
    'b 2',
  ]);
  clock.advance(minuteMs - 1);
  await answers.get('a');
  expect(asked).toEqual(['a', 'b']);
  clock.advance(1);
  expect(await answers.get('a')).toBe('a 3');
});

test('a failure is given to all who waited, and not remembered', async () => {
  const { asked, answers, setDown } = lab();
  setDown(true);
  const both = await Promise.allSettled([answers.get('a'), answers.get('a')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  setDown(false);
  expect(await answers.get('a')).toBe('a 2');
  expect(asked).toHaveLength(2);
});

test('a forgotten answer is asked for again', async () => {
  const { answers } = lab();
  await answers.get('a');
  answers.forget();
  expect(await answers.get('a')).toBe('a 2');
});

test('batches keep the order of the items, and no more than one is under way', async () => {
  let running = 0;
  let most = 0;
  const doubled = await inBatches([1, 2, 3, 4, 5], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return 2 * item;
  });
  expect(doubled).toEqual([2, 4, 6, 8, 10]);
  expect(most).toBe(2);
});
