import type { CreateDeps } from '../solver-plugin.ts';

/** Builds a client's options from the configuration and from what all solvers share. */
export function recordOptions<Config extends { readonly type: string; readonly secret: string }>(
  config: Config,
  { baseUrls, clock, ownPace, secrets }: CreateDeps,
) {
  const baseUrl = baseUrls?.[config.type];
  return {
    ...config,
    clock,
    read: secrets,
    pace: ownPace,
    ...(baseUrl !== undefined && { baseUrl }),
  };
}
