import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBack } from '#local/demo/landscape.ts';
import { isFull } from '#test/support/full.ts';
import { assemblyOf } from '#test/support/world-assembly.ts';
import { type Played, play } from './run.ts';
import type { Scenario } from './scenario.ts';
import { life, scenarios } from './scenarios.ts';
import { type RoleStatement, statementsIn, without } from './statements.ts';

/** The longest scenario is left out where not everything is tried. */
const plays = isFull ? scenarios : scenarios.filter((scenario) => scenario !== life);

const keyOf = ({ role, sid }: Pick<RoleStatement, 'role' | 'sid'>) => `${role} ${sid}`;

/** Every statement of every role that the scenarios deploy. */
const statements = [
  ...new Map(
    scenarios
      .flatMap(({ source }) => statementsIn(assemblyOf(readBack(source).config)))
      .map((statement) => [keyOf(statement), statement]),
  ).values(),
];

/** By statement: the smallest scenario that needs it, and the actions that it allowed anywhere. */
const used = new Map<string, { scenario: Scenario; decisions: number; actions: Set<string> }>();
const played = new Map<Scenario, Played>();

beforeAll(async () => {
  for (const scenario of plays) {
    const result = await play(scenario);
    played.set(scenario, result);
    note(scenario, result);
  }
}, 600_000);
afterAll(() => used.clear());

function note(scenario: Scenario, { decisions }: Played): void {
  for (const { role, action, decidedBy } of decisions) {
    for (const { sid } of decidedBy) {
      const key = keyOf({ role: role.split('/').at(-1) ?? '', sid });
      const known = used.get(key) ?? { scenario, decisions: decisions.length, actions: new Set() };
      known.actions.add(action);
      const cheaper = decisions.length < known.decisions;
      used.set(key, cheaper ? { ...known, scenario, decisions: decisions.length } : known);
    }
  }
}

test.each(plays)(
  '$name: with the rights of the installation, and nobody is denied anything',
  (scenario) => {
    expect(played.get(scenario)?.problems).toEqual([]);
  },
);

test.runIf(isFull)('every action of every statement is made use of', () => {
  const idle = statements.flatMap((statement) =>
    statement.actions
      .filter((action) => !used.get(keyOf(statement))?.actions.has(action))
      .map((action) => `${keyOf(statement)} ${action}`),
  );
  expect(idle).toEqual([]);
});

/** All statements where everything is tried; otherwise one of each kind. */
const sample = ['KeepRecordsOfSync', 'WriteChallengeValues', 'KeepFailedEvents'];
const tried = isFull
  ? statements
  : sample.flatMap((sid) => statements.filter((statement) => statement.sid === sid).slice(-1));

describe('without the statement', () => {
  test.each(tried)('$sid of $role something fails', { timeout: 120_000 }, async (statement) => {
    const scenario = used.get(keyOf(statement))?.scenario;
    expect(scenario, 'no scenario makes use of it').toBeDefined();
    if (!scenario) return;
    const { problems } = await play(scenario, (assembly) => without(assembly, [statement]));
    expect(problems, scenario.name).not.toEqual([]);
  });
});
