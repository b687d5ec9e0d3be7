import { type Clock, secondMs } from '#shared/time/clock.ts';
import { pause } from '#shared/time/waiting.ts';

/** The part of a service's rate limit that certkeep uses. */
export type RequestRate = {
  readonly perSecond: number;
  /** This many requests may follow each other at once after a pause. */
  readonly burst: number;
  /** Says how much the service allows, and why certkeep uses this part of it. */
  readonly reason: string;
};

/** Resolves when the next request may be sent. */
export type Pace = () => Promise<void>;

/**
 * Caps the pause between two requests, so that a run finishes the few requests of one step even where very many runs share
 * the limit. They seldom all use one service, and a run waits when it is throttled; but a step that fits into no run would
 * never finish.
 */
const longestIntervalMs = 20 * secondMs;

/** The pause between two requests of one run. Runs do not know of each other, so each keeps to an equal part. */
export function intervalMsOf({ perSecond }: Pick<RequestRate, 'perSecond'>, runs: number): number {
  return Math.min((runs * secondMs) / perSecond, longestIntervalMs);
}

/** Spaces the requests of one run. */
export function paceOf(rate: RequestRate, clock: Clock, runs: number): Pace {
  const intervalMs = intervalMsOf(rate, runs);
  const spareMs = (Math.max(1, rate.burst / runs) - 1) * intervalMs;
  let dueMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now().getTime();
    dueMs = Math.max(dueMs + intervalMs, now - spareMs);
    if (dueMs > now) await pause(clock, dueMs - now);
  };
}

/** Returns one pace for all solvers that share a limit, beside this many other runs. */
export function paces(clock: Clock, runs: number): (owner: string, rate: RequestRate) => Pace {
  const known = new Map<string, Pace>();
  return (owner, rate) => {
    const pace = known.get(owner) ?? paceOf(rate, clock, runs);
    known.set(owner, pace);
    return pace;
  };
}
