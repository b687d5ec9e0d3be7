import type { CreateDeps } from '../solver-plugin.ts';
import type { RetiredSolverConfig } from '../specs.ts';

/** What the client of a service takes, of the configuration and of what all solvers share. */
export function recordOptions<
  Config extends Pick<RetiredSolverConfig, 'type'> & { secret: string },
>(config: Config, { baseUrls, clock, ownPace, secrets }: CreateDeps) {
  const baseUrl = baseUrls?.[config.type];
  return {
    ...config,
    clock,
    read: secrets,
    pace: ownPace,
    ...(baseUrl !== undefined && { baseUrl }),
  };
}
