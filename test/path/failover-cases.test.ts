import { afterEach, expect, test } from 'vitest';
import { hourMs } from '#shared/clock.ts';
import { ways } from '#test/support/failing-ways.ts';
import { some } from '#test/support/full.ts';
import { dueWith, finalized, inService, subjects, type TwoCas } from '#test/support/two-cas.ts';

let cas: TwoCas;
afterEach(() => cas?.close());

const takesOver = expect.stringMatching(/ at first; second takes its place$/);
const cases = some(ways).map(
  (way) => [way.failsOver ? 'takes over' : 'is left alone', way.title, way] as const,
);

/** Four hours of each: the second CA issues in exactly those where it should. */
test.each(cases)('the second CA %s when the first %s', { timeout: 120_000 }, async (_, __, way) => {
  cas = await dueWith(way.daysLeft ?? 25);
  await way.arrange(cas);
  await cas.world.live(4 * hourMs);
  const { acquireFailure, attempt, txt } = cas.world.record('shop');
  if (way.failsOver) {
    expect([finalized(cas.second), inService(cas).issuer]).toEqual([1, 'second']);
    expect([attempt, acquireFailure, txt]).toEqual([null, null, []]);
    expect(subjects(cas)).toContainEqual(takesOver);
  } else {
    expect([finalized(cas.second), inService(cas).issuer]).toEqual([0, 'first']);
    expect(attempt?.issuer ?? 'first').toBe('first');
    expect(subjects(cas)).not.toContainEqual(takesOver);
  }
});
