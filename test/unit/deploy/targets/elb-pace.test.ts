import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { elbPace } from '#shared/targets/elb-pace.ts';
import { secondMs } from '#shared/time/clock.ts';

const clock = virtualClock(undefined, setImmediate);

/** How many seconds so many calls at once take together. */
async function secondsOf(calls: number, call: () => Promise<unknown>): Promise<number> {
  const startedAt = clock.now().getTime();
  await Promise.all(Array.from({ length: calls }, call));
  return (clock.now().getTime() - startedAt) / secondMs;
}

const nothing = async () => undefined;

function throttled(): CertkeepError {
  return new CertkeepError('ServiceThrottled', 'ELB: Rate exceeded', { stage: 'rebind' });
}

test('a few calls do not wait', async () => {
  const pace = elbPace(clock);
  expect(await secondsOf(20, () => pace.describe(nothing))).toBe(0);
  expect(await secondsOf(1, () => elbPace(clock).change(nothing))).toBe(0);
});

test('many calls leave a fifth of what ELB allows to others', async () => {
  const pace = elbPace(clock, 2);
  expect(await secondsOf(100, () => pace.describe(nothing))).toBe(80 / 8);
});

test('where more than two runs work in a place, they share the rate', async () => {
  const pace = elbPace(clock, 8);
  expect(await secondsOf(100, () => pace.describe(nothing))).toBe((100 - 20 / 4) / (8 / 4));
});

test('changes are fewer than looks, and looks beside them make way', async () => {
  const pace = elbPace(clock);
  expect(await secondsOf(60, () => pace.change(nothing))).toBe(50 / 2.5);
  const both = elbPace(clock);
  const changing = secondsOf(60, () => both.change(nothing));
  expect(await secondsOf(160, () => both.describe(nothing))).toBeGreaterThanOrEqual(160 / 8 - 2.5);
  await changing;
});

test('a throttled call had no effect and is tried again', async () => {
  const pace = elbPace(clock);
  let tries = 0;
  const answer = await pace.change(async () => {
    tries += 1;
    if (tries < 4) throw throttled();
    return 'done';
  });
  expect([answer, tries]).toEqual(['done', 4]);
});

test('throttling that persists is thrown within half a minute', async () => {
  const pace = elbPace(clock);
  const startedAt = clock.now().getTime();
  await expect(pace.describe(() => Promise.reject(throttled()))).rejects.toMatchObject({
    name: 'ServiceThrottled',
  });
  expect(clock.now().getTime() - startedAt).toBeLessThanOrEqual(36 * secondMs);
});

test('any other error is thrown at once', async () => {
  const refused = new CertkeepError('ListenerRefused', 'ELB: no');
  let tries = 0;
  const call = async () => {
    tries += 1;
    throw refused;
  };
  await expect(elbPace(clock).change(call)).rejects.toBe(refused);
  expect(tries).toBe(1);
});
