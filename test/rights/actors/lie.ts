import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import type { World } from '#test/support/world.ts';

/** What people are told must not be what somebody has made up. Each way of doing so has words of its own. */
const lieBy = (way: string) => `Your AWS account is suspended, says ${way}`;

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

export function isTold(way: string): (world: World) => Promise<boolean> {
  const lie = lieBy(way);
  return async (world) =>
    world.inbox().some(({ subject, message }) => `${subject} ${message}`.includes(lie));
}
