import type { Clock } from '../clock.ts';

/** An API rate as AWS meters it: a burst, and a number per second in the long run. */
export type Rate = { readonly perSecond: number; readonly burst: number };

export type TokenBucket = {
  /** Returns false, and takes nothing, where fewer are left. */
  take(tokens?: number): boolean;
  holds(tokens: number): boolean;
};

/** Begins full. `perSecond: Infinity` never runs out. Computed when asked, without timers. */
export function tokenBucket(options: Rate & { readonly clock: Clock }): TokenBucket {
  const { burst, clock, perSecond } = options;
  let left = burst;
  let filledAt = clock.now().getTime();

  function holds(tokens: number): boolean {
    if (perSecond === Number.POSITIVE_INFINITY) return true;
    const now = clock.now().getTime();
    left = Math.min(burst, left + ((now - filledAt) / 1_000) * perSecond);
    filledAt = now;
    return left >= tokens;
  }

  return {
    holds,
    take(tokens = 1) {
      if (!holds(tokens)) return false;
      left -= tokens;
      return true;
    },
  };
}

/** Takes from each bucket, or from none where one of them has too little. */
export function takeFromAll(charges: readonly (readonly [TokenBucket, number])[]): boolean {
  if (!charges.every(([bucket, tokens]) => bucket.holds(tokens))) return false;
  for (const [bucket, tokens] of charges) bucket.take(tokens);
  return true;
}
