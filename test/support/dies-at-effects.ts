import { minuteMs } from '#shared/time/clock.ts';
import type { DeployLab } from './deploy-lab.ts';
import type { DeployWorld } from './deploy-world.ts';
import { step } from './full.ts';

type Made = { readonly lab: DeployLab; readonly world: DeployWorld };

/** Verify as often as its schedule starts it. */
export async function settle({ lab, world }: Made, minutes: number): Promise<void> {
  for (let runs = 0; runs < minutes; runs += 1) {
    await lab.clock.sleep(minuteMs);
    await world.verify();
  }
}

/**
 * Kills a deploy after each of its effects, each time in a new fleet, and lets the next run follow after `afterMs`. Returns
 * the number of effects.
 */
export async function atEveryEffect<Fleet extends Made>({
  afterMs,
  check,
  fleet,
  prepare,
}: {
  readonly fleet: () => Promise<Fleet>;
  readonly afterMs: number;
  readonly prepare: (fleet: Fleet) => Promise<void>;
  readonly check: (fleet: Fleet) => Promise<void>;
}): Promise<number> {
  for (let effect = 1; effect < 50; effect += step) {
    const made = await fleet();
    try {
      await prepare(made);
      const outcome = await made.world.deploy(effect);
      await made.lab.clock.sleep(afterMs);
      if (outcome === 'died') await made.world.deploy();
      await check(made);
      if (outcome !== 'died') return effect;
    } catch (cause) {
      throw new Error(`died after effect ${effect}`, { cause });
    } finally {
      await made.lab.close();
    }
  }
  throw new Error('it never gets through');
}
