import { deployStage, type Stage } from './deploy-stage.ts';

type Takes = { readonly lookMs?: number; readonly bindMs?: number };

/** So many listeners, each of which takes its time. */
export async function stageOf(
  count: number,
  takes: Takes = {},
  options: Omit<Parameters<typeof deployStage>[0], 'kinds'> = {},
): Promise<Stage> {
  const kinds = Array.from({ length: count }, () => 'default' as const);
  const stage = deployStage({ ...options, kinds });
  for (const target of stage.targets) target.slowDown(takes, stage.clock);
  await stage.issue('v1');
  return stage;
}

/** The targets in that state. */
export function countOf(stage: Stage, state: string): Promise<number> {
  return stage.states().then((states) => states.filter((each) => each === state).length);
}

/** Runs as long as each begins the next one; how many there were, and how long the longest took. */
export async function deployAll(stage: Stage): Promise<{ runs: number; longestMs: number }> {
  let longestMs = 0;
  for (let runs = 1; runs < 50; runs += 1) {
    const startedAt = stage.clock.now().getTime();
    const { outcome } = await stage.deploy();
    longestMs = Math.max(longestMs, stage.clock.now().getTime() - startedAt);
    if (outcome !== 'goes-on') return { runs, longestMs };
    if (stage.work.at(-1)?.kind !== 'deploy') throw new Error('nothing begins the next run');
  }
  throw new Error('it goes on and on');
}
