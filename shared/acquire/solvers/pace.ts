import { type Clock, secondMs } from '#shared/clock.ts';
import { deadlineSignal } from '#shared/deadline.ts';

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

/** One run's part of a budget: runs know nothing of each other, so each keeps to an equal one. */
export function paceOf(budget: Budget, clock: Clock, runs: number): Pace {
  const intervalMs = (runs * secondMs) / budget.perSecond;
  const spareMs = (Math.max(1, budget.burst / runs) - 1) * intervalMs;
  let dueMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now().getTime();
    dueMs = Math.max(dueMs + intervalMs, now - spareMs);
    if (dueMs > now) await clock.sleep(dueMs - now, deadlineSignal());
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
