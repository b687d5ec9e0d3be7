import { txtValues } from '#local/demo/foreign-txt.ts';
import { minuteMs } from '#shared/time/clock.ts';
import type { World } from './world.ts';

/** The TXT values that the public name servers answer once everything under way has arrived. */
export function txtAt(world: World, name: string): readonly string[] {
  world.clock.advance(minuteMs);
  return txtValues(world.cloud, name);
}
