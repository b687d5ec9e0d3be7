import type { OutsideCall } from 'local-cloud/faults.ts';
import type { World } from './world.ts';

/** What a person asks for, and how it shall be in the end. */
export type Story = {
  start(): Promise<World>;
  /** Asks for it, and again where the request came to nothing. */
  ask(world: World): Promise<void>;
  isOver(world: World): boolean;
  /** Facts that are the same whatever dies. */
  facts(world: World): Promise<object>;
};

type Kill = 'kill-before' | 'kill-after';

/**
 * Plays a story again for one in so many calls of a function since the request, and kills its run before and after that call.
 * Returns what was not as without a kill.
 */
export async function killedAtEach(
  stage: string,
  story: Story,
  { every, withinMs }: { readonly every: number; readonly withinMs: number },
): Promise<readonly string[]> {
  const { calls, facts } = await played(stage, story, withinMs, null);
  if (calls < 3) return [`${stage} makes ${calls} calls`];
  const broken: string[] = [];
  for (let at = 0; at < calls; at += every) {
    for (const kill of ['kill-before', 'kill-after'] as const) {
      const found = await played(stage, story, withinMs, { at, kill });
      if (found.facts !== facts) broken.push(`${kill} ${at}: ${found.facts}, not ${facts}`);
    }
  }
  return broken;
}

async function played(
  stage: string,
  story: Story,
  withinMs: number,
  killed: { readonly at: number; readonly kill: Kill } | null,
): Promise<{ readonly calls: number; readonly facts: string }> {
  const world = await story.start();
  try {
    let calls = 0;
    const isIt = ({ caller }: OutsideCall) => {
      if (caller !== stage || story.isOver(world)) return false;
      calls += 1;
      return calls - 1 === killed?.at;
    };
    const fault = { do: killed?.kill ?? 'kill-before' } as const;
    world.cloud.faults.add({ when: isIt, fault });
    await story.ask(world);
    const end = world.clock.now().getTime() + withinMs;
    const leftMs = () => end - world.clock.now().getTime();
    // A check of the schedule that dies is followed by the next.
    while (!story.isOver(world) && leftMs() > 0) {
      await world.liveUntil(() => story.isOver(world), leftMs()).catch(() => undefined);
    }
    return { calls, facts: JSON.stringify(await story.facts(world)) };
  } finally {
    await world.close();
  }
}
