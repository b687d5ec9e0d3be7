import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import type { World } from '#test/support/world.ts';
import type { StartedRun } from '#test/support/world-functions.ts';
import { whenIdle } from './idle.ts';
import { step } from './play.ts';

/**
 * Freezes a run until its lease, and with it its deadline, is over, lets a successor finish the same work, and thaws it. If
 * a lease ended before its holder, both would be at work then.
 */
export async function freeze(world: World, run: StartedRun): Promise<void> {
  run.freeze();
  world.passOn();
  const until = leaseEnd(world, run) ?? addMs(run.deadline, 10 * secondMs);
  world.clock.advance(until.getTime() - world.clock.now().getTime() + secondMs);
  const isOver = world.clock.now() > run.deadline;
  // Resting moves the clock to the next event, which is the end of the frozen run.
  if (isOver) await idle();
  await world.dispatcher.invoke(run.functionName, run.delivered);
  if (isOver) {
    await world.dispatcher.settle();
    await step(world, 20 * minuteMs, world.dispatcher.settle);
  }
  run.thaw();
  await idle();
}

function leaseEnd(world: World, { requestId }: StartedRun): Date | null {
  const ends = world.landscape.config.certificates
    .filter(({ id }) => world.hasRecord(id))
    .flatMap(({ id }) => Object.values(world.record(id).leases))
    .filter(({ holder }) => holder === requestId)
    .map(({ until }) => Date.parse(until))
    // A returned lease names its time.
    .filter((until) => until > world.clock.now().getTime());
  return ends.length > 0 ? new Date(Math.max(...ends)) : null;
}

function idle(): Promise<void> {
  return new Promise((resolve) => whenIdle(resolve));
}
