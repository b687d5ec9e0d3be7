import type { World } from '#test/support/world.ts';
import { type Ending, invariants } from './invariants.ts';

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

/** Each message of a type that does not belong to the story. */
export function toldForNothing(world: World, usualEvents: readonly string[]): readonly string[] {
  return world
    .inbox()
    .filter(({ attributes }) => !usualEvents.includes(attributes.type ?? ''))
    .map(({ subject }) => `people were told for nothing: ${subject}`);
}
