import { expect, test } from 'vitest';
import { fleetNames } from '#local/demo/fleets.ts';
import { scenarios } from '#local/demo/scenarios/registry.ts';
import { scenarioNames } from '#local/demo/scenarios/scenario.ts';
import { readSource } from '#local/demo/source.ts';
import { readOptions } from '#local/demo/start-options.ts';
import { catalogue } from '#shared/errors.ts';
import { stateReasons } from '#shared/status/reasons.ts';

test.each(scenarioNames)('%s is about a reason that messages have', async (name) => {
  expect(readOptions(['--scenario', name])).toMatchObject({ scenario: name });
  const { reason } = await scenarios[name]();
  expect({ ...catalogue, ...stateReasons }).toHaveProperty(reason);
});

test('an unknown scenario is refused with those that there are', () => {
  expect(readOptions(['--scenario', 'fire'])).toEqual({
    problem: `There is no scenario "fire". There are: ${scenarioNames.join(', ')}.`,
  });
});

test('a scenario has its own fleet and CA', () => {
  expect(readOptions(['--scenario', 'caa', '--config', 'x.yaml'])).toHaveProperty('problem');
});

test.each(fleetNames)('the fleet %s is a valid configuration', async (name) => {
  expect(readOptions(['--fleet', name])).toMatchObject({ fleet: name, scenario: undefined });
  expect(await readSource(undefined, name)).toMatchObject({ warnings: null });
});

test('without a name, the usual fleet is played', () => {
  expect(readOptions([])).toMatchObject({ fleet: undefined });
});

test('an unknown fleet is refused with those that there are', () => {
  expect(readOptions(['--fleet', 'nowhere'])).toEqual({
    problem: `There is no fleet "nowhere". There are: ${fleetNames.join(', ')}.`,
  });
});

test.each([
  ['--config', 'x.yaml'],
  ['--scenario', 'caa'],
  ['--pebble', process.execPath],
  ['--bare'],
])('a named fleet does not go with %s', (...others) => {
  expect(readOptions(['--fleet', 'everywhere', ...others])).toHaveProperty('problem');
});
