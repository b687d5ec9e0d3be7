import { isFull } from '#test/support/full.ts';
import { play } from './play.ts';
import { storyOf } from './story.ts';

/** Seeds that have found something once: they are always played. */
const former: readonly number[] = [16, 42, 5_138, 20_128, 20_149, 20_211, 30_065];

const all = 500;
/** Files side by side; half a second of CPU a case. */
const parts = 5;
// So that each stays far from its time also on a busy machine.
const perTest = 5;

/** The seeds of one part, in lots of which each is a test. */
export function lotsOf(part: number): readonly (readonly number[])[] {
  const drawn = Array.from({ length: isFull ? all : all / 10 }, (_, at) => at + 1);
  const seeds = [...new Set([...drawn, ...former])].filter((seed) => seed % parts === part);
  const lots = Math.ceil(seeds.length / perTest);
  return Array.from({ length: lots }, (_, at) => seeds.slice(at * perTest, (at + 1) * perTest));
}

/** What was not as it should be, with the seed: `npm run listeners -- --count 1 --show --seed …` shows it. */
export async function violationsIn(seeds: readonly number[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const seed of seeds) {
    const { violations } = await play(storyOf(seed));
    found.push(...violations.map((each) => `seed ${seed}: ${each}`));
  }
  return found;
}
