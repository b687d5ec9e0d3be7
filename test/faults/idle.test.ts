import { readFile } from 'node:fs/promises';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { countJobs, whenIdle } from './idle.ts';

countJobs();

test('the clock does not move while a file is read, as the policies of a service are at the first question', async () => {
  const clock = virtualClock(undefined, whenIdle);
  const before = clock.now();
  const sleeping = clock.sleep(60_000);
  for (let count = 0; count < 20; count += 1) {
    await readFile(new URL(import.meta.url));
    expect(clock.now()).toEqual(before);
  }
  await sleeping;
  expect(clock.now().getTime() - before.getTime()).toBe(60_000);
});
