import { type Clock, secondMs } from '#shared/time/clock.ts';
import { pause } from '#shared/time/waiting.ts';

export type Turns = {
  take(calls: number): Promise<void>;
  /** Others have emptied the real one: nothing more comes in a burst. */
  empty(): void;
};

/** A token bucket is the time at which it is full again. */
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
