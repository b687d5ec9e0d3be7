import type { World } from '#test/support/world.ts';
import { reasonsHeard } from './heard.ts';
import { type Ending, invariants } from './invariants.ts';
import type { Setting } from './setting.ts';

/** Returns each violation of the conditions that hold once all is quiet again. */
export async function brokenIn(ending: Ending): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { breaches } of invariants) {
    // The state may be so broken that it cannot be read.
    try {
      found.push(...(await breaches(ending)));
    } catch (error) {
      found.push(`cannot be told: ${(error as Error).message}`);
    }
  }
  return found;
}

/** The play jumps over days in which nobody looks at anything, and people rightly hear of that. */
const ofJumps = ['ListenersNotLookedAt', 'ProofOverdue'];

/** Each event that does not belong to the story, and each reason for which people were told something in vain. */
export function toldForNothing(
  world: World,
  { usualEvents, usualTroubles }: Pick<Setting, 'usualEvents' | 'usualTroubles'>,
): readonly string[] {
  const events = world.events().filter(({ type }) => !usualEvents.includes(type));
  const usual = [...usualTroubles, ...ofJumps];
  const reasons = reasonsHeard(world).filter((reason) => !usual.includes(reason));
  return [
    ...events.map(({ summary }) => `an event was sent for nothing: ${summary}`),
    ...reasons.map((reason) => `people were told for nothing: ${reason}`),
  ];
}
