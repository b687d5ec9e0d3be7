import { type Executions, mostInMessage } from '#shared/limits.ts';
import type { Capacity } from './decide-dispatch.ts';

/** Check runs every ten minutes, up to five minutes late (infra/parts/schedules.ts). */
const untilNextCheckSeconds = 600;

/**
 * Returns how much work this many concurrent runs of each kind can do until the next check. `orders` is the number of
 * certificates that one run of issue works on side by side (acquire/orders-at-once.ts).
 */
export function capacityOf(executions: Executions, orders: number = mostInMessage): Capacity {
  const atOnce = { issue: orders, deploy: mostInMessage, verify: mostInMessage };
  const seconds = (worker: keyof Executions) =>
    executions[worker] * atOnce[worker] * untilNextCheckSeconds;
  return {
    seconds: { issue: seconds('issue'), deploy: seconds('deploy'), verify: seconds('verify') },
    atOnce,
    executions,
  };
}
