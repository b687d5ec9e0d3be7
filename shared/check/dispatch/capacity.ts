import type { Worker } from '#shared/queues/work.ts';
import type { Capacity } from './decide-dispatch.ts';

/** Check runs every ten minutes, up to five minutes late (infra/parts/schedules.ts). */
const untilNextCheckSeconds = 600;

/** Returns how much work this many concurrent runs of each kind can do until the next check. */
export function capacityOf(runsAtOnce: Readonly<Record<Worker, number>>): Capacity {
  return {
    issue: runsAtOnce.issue * untilNextCheckSeconds,
    deploy: runsAtOnce.deploy * untilNextCheckSeconds,
    verify: runsAtOnce.verify * untilNextCheckSeconds,
  };
}
