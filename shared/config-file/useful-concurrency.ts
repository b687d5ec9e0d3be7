import { mostIssueRuns } from '#shared/acquire/orders-at-once.ts';
import type { Config } from '#shared/config/config.ts';
import { type Executions, mostRunsOfPlace, usualExecutions } from '#shared/limits.ts';
import { placesOfAll } from '#shared/targets/identities.ts';

/**
 * Lowers the runs at once to those that AWS and DNS services feed. Each run keeps to an equal part of their request rates: a
 * fleet is issued later by fifty runs of one certificate than by eight of ten.
 */
export function usefulConcurrency(
  config: Pick<Config, 'certificates' | 'concurrency' | 'home' | 'solvers'>,
): Executions {
  const { certificates, concurrency, home, solvers } = config;
  const ofPlaces = mostRunsOfPlace * placesOfAll({ certificates, home }).length;
  const most = { issue: mostIssueRuns(solvers), deploy: ofPlaces, verify: ofPlaces };
  const useful = (worker: keyof Executions) =>
    Math.min(concurrency[worker], Math.max(usualExecutions[worker], most[worker]));
  return { issue: useful('issue'), deploy: useful('deploy'), verify: useful('verify') };
}
