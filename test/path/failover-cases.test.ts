import { afterEach, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { txtAt } from '#test/support/dns.ts';
import { ways } from '#test/support/failing-ways.ts';
import { some } from '#test/support/full.ts';
import { dueWith, finalized, happened, inService, type TwoCas } from '#test/support/two-cas.ts';

let cas: TwoCas;
afterEach(() => cas?.close());

const takesOver = expect.stringMatching(/ at first; second takes its place$/);
const done = { true: 'takes over', false: 'is left alone', 'in vain': 'is asked in vain' };
const cases = some(ways).map((way) => [done[`${way.failsOver}`], way.title, way] as const);

/** Four hours of each: the second CA issues in exactly those where it should. */
test.each(cases)('the second CA %s when the first %s', { timeout: 120_000 }, async (_, __, way) => {
  cas = await dueWith(way.daysLeft === undefined ? 25 : way.daysLeft, way.first);
  await way.arrange(cas);
  await cas.world.live(4 * hourMs);
  const { acquireFailure, attempt, txt } = cas.world.record('shop');
  if (way.failsOver === 'in vain') {
    expect([finalized(cas.second), inService(cas).issuer, txt]).toEqual([0, 'first', []]);
    expect(happened(cas)).toContainEqual(takesOver);
  } else if (way.failsOver) {
    expect([finalized(cas.second), inService(cas).issuer]).toEqual([1, 'second']);
    expect([attempt, acquireFailure, txt]).toEqual([null, null, []]);
    expect(txtAt(cas.world, '_acme-challenge.example.com')).toEqual([]);
    expect(happened(cas)).toContainEqual(takesOver);
  } else {
    expect([finalized(cas.second), inService(cas).issuer]).toEqual([0, 'first']);
    expect(attempt?.issuer ?? 'first').toBe('first');
    expect(happened(cas)).not.toContainEqual(takesOver);
  }
});
