import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';
import type { Invocation } from '#shared/time/invocation.ts';

/** A run takes no new group after this much of its life. */
const takesForMs = 60 * secondMs;
/**
 * A change may wait 68 s until a load balancer knows a certificate, and 4 s until each of its steps shows
 * (targets/until-known.ts).
 */
const longestChangeMs = 90 * secondMs;

/** The time limits of a run. */
export type Slice = {
  /** No group begins later, except the first. */
  readonly takesUntil: Date;
  /** No change of a target begins later. */
  readonly changesUntil: Date;
};

export function sliceOf({ deadline }: Invocation, clock: Clock): Slice {
  const now = clock.now();
  const leftMs = Math.max(0, deadline.getTime() - now.getTime());
  const takesUntil = addMs(now, Math.min(takesForMs, 0.4 * leftMs));
  const lastChange = addMs(deadline, -longestChangeMs);
  return { takesUntil, changesUntil: lastChange > takesUntil ? lastChange : takesUntil };
}
