import { type Clock, secondMs } from '#shared/time/clock.ts';
import { pause } from '#shared/time/waiting.ts';

export type Turns = {
  take(calls: number): Promise<void>;
  /** Others have emptied the service's own bucket, so ours allows no burst either. */
  empty(): void;
};

/** A token bucket, stored as the time at which it is full again. */
export function turns(clock: Clock, perSecond: number, burst: number): Turns {
  const everyMs = secondMs / perSecond;
  let fullAt = 0;
  return {
    async take(calls) {
      const now = clock.now().getTime();
      fullAt = Math.max(fullAt, now) + calls * everyMs;
      const waitMs = fullAt - now - burst * everyMs;
      if (waitMs > 0) await pause(clock, waitMs);
    },
    empty() {
      fullAt = Math.max(fullAt, clock.now().getTime() + burst * everyMs);
    },
  };
}
