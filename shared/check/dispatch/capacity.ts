import type { Worker } from '#shared/queues/work.ts';
import type { Capacity } from './decide-dispatch.ts';

/** Check runs every ten minutes, up to five minutes late (infra/parts/schedules.ts). */
const untilNextCheckSeconds = 600;

/** What so many runs of each kind at once can do until the next check. */
export function capacityOf(runsAtOnce: Readonly<Record<Worker, number>>): Capacity {
  return {
    issue: runsAtOnce.issue * untilNextCheckSeconds,
    deploy: runsAtOnce.deploy * untilNextCheckSeconds,
    verify: runsAtOnce.verify * untilNextCheckSeconds,
  };
}
