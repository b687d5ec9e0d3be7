import type { RetiredArn } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';

/** InUseBy lags behind, and somebody else may use our certificate for longer. */
export const lookAgainMs = hourMs;

/** A deployment of another stack may have read the parameter just before it changed. */
export const staysUnusedMs = 3 * dayMs;
const lookWhileUnusedMs = 6 * hourMs;

/** What was seen at an ARN of ours that a new one has replaced. */
export type Sight = {
  /** Anything at all has it, or other stacks may still be told of it. */
  readonly isNeeded: boolean;
  /** ARNs of what has it and is not about to be moved by us. */
  readonly usedBy: readonly string[];
  readonly notAfter: Date | null;
};

/** The entry after a look. What people were told of is kept as long as somebody uses it. */
export function afterLook(
  { unusedSince, use, ...retired }: RetiredArn,
  { isNeeded, usedBy, notAfter }: Sight,
  now: Date,
): RetiredArn {
  const at = now.toISOString();
  const soon = addMs(now, lookAgainMs).toISOString();
  if (!isNeeded) {
    const since = unusedSince ?? at;
    return { ...retired, unusedSince: since, lookAgainAt: nextLook(since, now).toISOString() };
  }
  if (usedBy.length === 0) return { ...retired, lookAgainAt: soon };
  const known = use ?? { since: at };
  const ends = notAfter?.toISOString() ?? null;
  return { ...retired, lookAgainAt: soon, use: { ...known, by: [...usedBy], notAfter: ends } };
}

/** Whether nothing has needed it for long enough; a look of now says that nothing does. */
export function isSpent({ unusedSince }: Pick<RetiredArn, 'unusedSince'>, now: Date): boolean {
  return unusedSince !== undefined && addMs(new Date(unusedSince), staysUnusedMs) <= now;
}

function nextLook(unusedSince: string, now: Date): Date {
  const spentAt = addMs(new Date(unusedSince), staysUnusedMs);
  const next = addMs(now, lookWhileUnusedMs);
  // What could not be deleted when it was spent is looked at again like what is in use.
  if (spentAt <= now) return addMs(now, lookAgainMs);
  return spentAt < next ? spentAt : next;
}
