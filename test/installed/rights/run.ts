import type { Assembly } from 'local-cloud/deploy/assembly.ts';
import type { Decision } from 'local-cloud/iam/state.ts';
import { errorMessage } from '#shared/errors.ts';
import { startWorld } from '#test/support/world.ts';
import type { Scenario } from './scenario.ts';

export type Played = {
  readonly problems: readonly string[];
  readonly decisions: readonly Decision[];
};

/** Plays a scenario on an installation that may have been changed; an exception counts as a problem. */
export async function play(
  scenario: Scenario,
  change: (assembly: Assembly) => Assembly = (assembly) => assembly,
): Promise<Played> {
  const { edit = (assembly) => assembly } = scenario;
  const world = await startWorld(scenario.source, {
    edit: (assembly) => change(edit(assembly)),
    mayDeny: true,
    ...(scenario.consistency && { consistency: scenario.consistency }),
    ...(scenario.ca && { ca: scenario.ca }),
    ...(scenario.staging && { staging: scenario.staging }),
  });
  try {
    const problems: string[] = [];
    await scenario.run(world).catch((error) => problems.push(errorMessage(error)));
    const { decisions } = world.cloud.iam;
    // Our own questions come afterwards, and are not the installation's.
    const asked = [...decisions];
    try {
      problems.push(...(await scenario.problems(world)));
    } catch (error) {
      problems.push(errorMessage(error));
    }
    return { problems, decisions: asked };
  } finally {
    await world.close();
  }
}
