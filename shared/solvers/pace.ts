import { type Clock, secondMs } from '#shared/time/clock.ts';
import { pause } from '#shared/time/waiting.ts';

/** What certkeep takes of the rate that a service allows. */
export type Budget = {
  readonly perSecond: number;
  /** At once, after a pause. */
  readonly burst: number;
  /** How much there is, and why certkeep takes this part of it. */
  readonly reason: string;
};

/** Resolves when the next request may be sent. */
export type Pace = () => Promise<void>;

/**
 * A run gets through the few requests of one step even where very many share the budget: they seldom are all at
 * one service, and what throttles them is waited for, while a step that fits into no run is never done.
 */
const longestIntervalMs = 20 * secondMs;

/** Between two requests of one run. Runs know nothing of each other, so each keeps to an equal part of the budget. */
export function intervalMsOf({ perSecond }: Pick<Budget, 'perSecond'>, runs: number): number {
  return Math.min((runs * secondMs) / perSecond, longestIntervalMs);
}

/** One run's part of a budget. */
export function paceOf(budget: Budget, clock: Clock, runs: number): Pace {
  const intervalMs = intervalMsOf(budget, runs);
  const spareMs = (Math.max(1, budget.burst / runs) - 1) * intervalMs;
  let dueMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now().getTime();
    dueMs = Math.max(dueMs + intervalMs, now - spareMs);
    if (dueMs > now) await pause(clock, dueMs - now);
  };
}

/** One pace for all that draw on the same budget, whichever solver they belong to, beside so many other runs. */
export function paces(clock: Clock, runs: number): (owner: string, budget: Budget) => Pace {
  const known = new Map<string, Pace>();
  return (owner, budget) => {
    const pace = known.get(owner) ?? paceOf(budget, clock, runs);
    known.set(owner, pace);
    return pace;
  };
}
