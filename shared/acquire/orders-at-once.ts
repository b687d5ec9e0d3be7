import type { Config } from '#shared/config/config.ts';
import { issueRunsAtOnce, mostInMessage } from '#shared/limits.ts';
import { solverFacts } from '#shared/solvers/facts.ts';
import { intervalMsOf } from '#shared/solvers/pace.ts';
import { secondMs } from '#shared/time/clock.ts';

/** The part of a run's patience in which all of its certificates publish a value. */
const publishesWithinMs = 100 * secondMs;

/**
 * Returns how many certificates one run of issue works on side by side. They share the run's part of the request rates of DNS
 * services: with more of them, none would get through a step before the run ends.
 */
export function ordersAtOnce(config: Pick<Config, 'concurrency' | 'solvers'>): number {
  const runs = issueRunsAtOnce(config);
  const fitting = config.solvers.map((solver) => {
    const { rate, requestsForValue } = solverFacts(solver);
    return Math.floor(publishesWithinMs / (requestsForValue * intervalMsOf(rate, runs)));
  });
  return Math.max(1, Math.min(mostInMessage, ...fitting));
}
