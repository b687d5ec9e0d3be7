import type { Clock } from '#shared/clock.ts';

/** An API rate as AWS meters it; `perSecond: Infinity` never runs dry. Evaluated when asked, without timers. */
export function tokenBucket(options: {
  readonly clock: Clock;
  readonly perSecond: number;
  readonly burst: number;
}): { take(): boolean } {
  let tokens = options.burst;
  let filledAt = options.clock.now().getTime();
  return {
    take() {
      if (options.perSecond === Number.POSITIVE_INFINITY) return true;
      const now = options.clock.now().getTime();
      const gained = ((now - filledAt) / 1_000) * options.perSecond;
      tokens = Math.min(options.burst, tokens + gained);
      filledAt = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
