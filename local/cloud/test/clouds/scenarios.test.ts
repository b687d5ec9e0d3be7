import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';
import { onBothClouds } from '#cloud/kit/clouds/on-both-clouds.ts';
import { scenarioGroups } from './all.ts';
import { accepted, expectDifference } from './difference.ts';
import { differences } from './differences.ts';
import { refused, scenarioId } from './scenario.ts';

onBothClouds('what AWS documents', (cloud, name) => {
  describe.each(scenarioGroups)('$title', ({ title, scenarios }) => {
    beforeAll(() => cloud().reset());
    beforeEach(() => cloud().waits.untilConsistent());
    for (const [sentence, scenario] of Object.entries(scenarios)) {
      const id = scenarioId(title, sentence);
      const known = differences.find((each) => each.cloud === name && each.scenario === id);
      test(known ? `${sentence} (it differs)` : sentence, () =>
        known ? expectDifference(scenario, cloud(), known) : scenario(cloud()),
      );
    }
  });
});

test('every difference names a scenario, once a cloud', () => {
  const ids = scenarioGroups.flatMap(({ title, scenarios }) =>
    Object.keys(scenarios).map((sentence) => scenarioId(title, sentence)),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(differences.map(({ scenario }) => scenario).filter((id) => !ids.includes(id))).toEqual([]);
  const keys = differences.map(({ cloud, scenario }) => `${cloud} ${scenario}`);
  expect(new Set(keys).size).toBe(keys.length);
});

describe('a difference', () => {
  const nowhere = {} as CloudUnderTest;
  const known = { cloud: 'moto', seen: accepted } as const;

  test('that is seen as described passes', async () => {
    const takesAll = () => refused(Promise.resolve('taken'), null);
    await expectDifference(takesAll, nowhere, known);
  });

  test('that is gone fails, so that it is removed', async () => {
    const mended = expectDifference(async () => undefined, nowhere, known);
    await expect(mended).rejects.toThrow('does not differ any more');
  });

  test('that shows in another way fails', async () => {
    const other = expectDifference(() => Promise.reject(new Error('down')), nowhere, known);
    await expect(other).rejects.toThrow('to match');
  });
});
