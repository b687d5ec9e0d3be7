import { staysUnusedMs } from '#shared/deploy/retire/retired-arn.ts';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import type { World } from '#test/support/world.ts';
import { unrest } from './rest.ts';

const tenMinutes = 10 * minuteMs;

/**
 * Plays the life of the fleet from its first check until it is quiet, and for hours after: due renewals happen, the
 * endpoints are asked again, and anything broken has the time to recover. Replaced certificates are deleted days later.
 */
export async function play(world: World, quiet: () => Promise<void>): Promise<void> {
  await step(world, 0, quiet);
  await untilAtRest(world, quiet);
  await step(world, tenMinutes, quiet);
  await step(world, 7 * hourMs, quiet);
  await untilAtRest(world, quiet);
  await step(world, staysUnusedMs, quiet);
  await untilAtRest(world, quiet);
  // People hear of the end at the check after it.
  await step(world, tenMinutes, quiet);
  // After an hour without a message, alert shows that it could send one.
  await step(world, hourMs, quiet);
}

/** Starts runs as the schedules do: nobody waits for them, and Lambda repeats failed ones. */
export async function step(world: World, ms: number, quiet: () => Promise<void>): Promise<void> {
  world.clock.advance(ms);
  world.dispatcher.invokeLater('check', {});
  await quiet();
  world.dispatcher.invokeLater('verify', { sweep: true });
  await quiet();
}

/** With the usual waits between tries, all work is finished well within these 28 hours. */
async function untilAtRest(world: World, quiet: () => Promise<void>): Promise<void> {
  const steps = [...Array(12).fill(tenMinutes), ...Array(26).fill(hourMs)] as readonly number[];
  for (const ms of steps) {
    if (unrest(world).length === 0) return;
    await step(world, ms, quiet);
  }
}
