import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { waitUntilPublished } from '#shared/solvers/solver.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';

type Change = {
  readonly ageMs?: number;
  readonly takesMs: number;
  readonly spreadsForWaits?: number;
};

/** The times of the looks at a change, in seconds, by a run that has a hundred seconds. */
async function looksAt({ ageMs = 0, takesMs, spreadsForWaits = 4 }: Change) {
  const clock = virtualClock();
  const begun = clock.now();
  const times: number[] = [];
  const passed = () => clock.now().getTime() - begun.getTime();
  const solver = {
    spreadsForWaits,
    async isPublished() {
      times.push(passed() / secondMs);
      return passed() >= takesMs;
    },
  };
  const deadline = addMs(begun, 100 * secondMs);
  const publishing = { since: addMs(begun, -ageMs), everyMs: 4 * secondMs, deadline };
  await waitUntilPublished(solver, 'change', clock, publishing);
  return times;
}

test('a run that goes on with a change of an earlier one looks at once', async () => {
  expect(await looksAt({ ageMs: minuteMs, takesMs: 0 })).toEqual([0]);
});

test('a value that was lost for minutes and is written again is waited for by the same run', async () => {
  expect(await looksAt({ ageMs: 12 * minuteMs, takesMs: 20 * secondMs })).toEqual([0, 30]);
});

test('a service that never says is not waited for', async () => {
  expect(await looksAt({ takesMs: 0, spreadsForWaits: 0 })).toEqual([0]);
});
