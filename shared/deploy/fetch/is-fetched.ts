import type { Fetched, Target } from '#shared/targets/target.ts';

/** A target whose hosts fetch what they serve. */
export type FetchedTarget = Target & { readonly fetched: Fetched };

export function isFetched(target: Target): target is FetchedTarget {
  return target.fetched !== undefined;
}
