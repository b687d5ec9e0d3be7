import { certificatesAtOnce, type Executions } from '#shared/limits.ts';
import type { Capacity } from './decide-dispatch.ts';

/** Check runs every ten minutes, up to five minutes late (infra/parts/schedules.ts). */
const untilNextCheckSeconds = 600;

/** Returns how much work this many concurrent runs of each kind can do until the next check. */
export function capacityOf(executions: Executions): Capacity {
  const atOnce = certificatesAtOnce(executions);
  const seconds = (worker: keyof Executions) =>
    executions[worker] * atOnce[worker] * untilNextCheckSeconds;
  return {
    seconds: { issue: seconds('issue'), deploy: seconds('deploy'), verify: seconds('verify') },
    atOnce,
    executions,
  };
}
