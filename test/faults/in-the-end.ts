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
