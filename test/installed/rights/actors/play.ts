import { secondMs } from '#shared/time/clock.ts';
import type { Actor } from './actors.ts';
import type { Attempt } from './attempt.ts';
import { attempts } from './attempts.ts';
import { handsOf, isDenial } from './hands.ts';
import type { Outcome } from './outcome.ts';
import { goOn, startStage } from './stage.ts';

/** Plays all attempts of one actor at once, each with its own certificate, and a week of normal operation. */
export async function play(actor: Actor): Promise<ReadonlyMap<string, Outcome>> {
  const world = await startStage();
  const outcomes = new Map<string, Outcome>();
  try {
    const hands = handsOf(world, actor.keysIn(world));
    const made: Attempt[] = [];
    for (const attempt of attempts) {
      try {
        // ACM accepts one import a second.
        world.clock.advance(10 * secondMs);
        await attempt.act(hands);
        made.push(attempt);
      } catch (error) {
        if (!isDenial(error)) throw new Error(`${actor.name}, ${attempt.id}`, { cause: error });
        outcomes.set(attempt.id, 'denied');
      }
    }
    await world.settle();
    for (const { id } of made) outcomes.set(id, 'none');
    const look = async () => {
      for (const { id, through } of made) {
        if (outcomes.get(id) === 'none' && (await through(world))) outcomes.set(id, 'through');
      }
    };
    if (made.length > 0) await goOn(world, look);
    return outcomes;
  } finally {
    await world.close();
  }
}
