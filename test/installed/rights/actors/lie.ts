import type { Failure, LedgerEvent } from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import type { World } from '#test/support/world.ts';

/** People must not be told anything that somebody made up. Each way of trying has its own words. */
export const lieBy = (way: string) => `Your AWS account is suspended, says ${way}`;

export function lieAbout(certificate: string, way: string, now: Date): LedgerEvent {
  return {
    id: `made-up-${way}`,
    type: 'failed',
    at: now.toISOString(),
    certificate,
    severity: 'critical',
    summary: lieBy(way),
    details: {},
  };
}

/** A failure that needs a person, and is not tried again soon. */
export function lieOf(way: string, now: Date): Failure {
  const nextAttemptAt = addMs(now, 30 * dayMs).toISOString();
  const lastAt = now.toISOString();
  return { count: 3, lastAt, nextAttemptAt, error: 'CaaForbids', message: lieBy(way) };
}

export function isTold(way: string): (world: World) => Promise<boolean> {
  const lie = lieBy(way);
  return async (world) =>
    world.inbox().some(({ subject, message }) => `${subject} ${message}`.includes(lie));
}
