import { beforeAll, expect, test } from 'vitest';
import type { NamedCall } from './calls.ts';
import { fixedStrikes } from './fixed.ts';
import { recalled } from './former-failures.ts';
import { isCalled, rightOf, rightsGiven, withoutCall, withoutCallIn } from './permitted.ts';
import { type Outcome, pool } from './pool.ts';
import { settings } from './settings.ts';

let played: readonly Outcome[];
let calls: readonly NamedCall[];
const given = rightsGiven(settings);

beforeAll(async () => {
  const worker = pool({ jobs: 1 });
  played = await Promise.all(
    settings.map(({ name: setting }) => worker.play({ setting, seed: 1, strikes: [] })),
  );
  worker.close();
  calls = played.flatMap((each) => each.calls);
}, 180_000);

test.each(settings.map(({ name }) => name))('without a fault nothing is broken in %s', (name) => {
  expect(played.find((each) => each.case.setting === name)?.violations).toEqual([]);
});

test('the cases of CI strike every operation that a function has a right to', () => {
  const struck = new Set(fixedStrikes(calls).map(({ call }) => rightOf(call)));
  expect([...given].filter((right) => isCalled(right) && !struck.has(right))).toEqual([]);
});

test('every right that is listed as without a call exists, and has no call', () => {
  const called = new Set(calls.map(rightOf));
  const actions = new Set([...given].map((right) => right.split(' ')[1]));
  expect(Object.keys(withoutCall).filter((action) => !actions.has(action))).toEqual([]);
  expect(Object.keys(withoutCallIn).filter((right) => !given.has(right))).toEqual([]);
  expect([...called].filter((right) => !right.includes(' acme:') && !isCalled(right))).toEqual([]);
});

test('the call of every former failure comes', () => {
  expect(recalled(calls).complaints).toEqual([]);
});
