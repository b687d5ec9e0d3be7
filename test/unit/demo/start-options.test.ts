import { expect, test } from 'vitest';
import { scenarios } from '#local/demo/scenarios/registry.ts';
import { scenarioNames } from '#local/demo/scenarios/scenario.ts';
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
