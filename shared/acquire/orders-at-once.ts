import type { Config } from '#shared/config/config.ts';
import { issueRunsAtOnce, mostInMessage, urgentExecutions } from '#shared/limits.ts';
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

/** With fewer certificates side by side, a run spends most of its time in waits that none of them uses. */
const fewestOrders = 10;

/** Returns how many runs of issue the queue may start at once, so that each still has that many orders side by side. */
export function mostIssueRuns(solvers: Config['solvers']): number {
  const fed = solvers.map((solver) => {
    const { rate, requestsForValue } = solverFacts(solver);
    const requests = (publishesWithinMs / secondMs) * rate.perSecond;
    return Math.floor(requests / (requestsForValue * fewestOrders));
  });
  return Math.min(...fed) - urgentExecutions;
}
