import type { CertificateRecord, RetiredArn } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';

/*
 *             replaced                  lookedAt                lookedAt
 *   the ARN ───────────▶ not looked at ──────────▶ in use ◀───────────────▶ unused
 *   in use                                                                     │
 *                                                                three days of │
 *             neverUsed                                               lookedAt ▼      gone
 *   a twin ─────────────────────────────────────────────────────────────────▶ spent ──────▶ nothing
 *
 *   notLookedAt changes none of them, and gone ends each of them.
 */

/** InUseBy lags behind, and somebody else may use our certificate for longer. */
export const lookAgainMs = hourMs;

/** A deployment of another stack may have read the parameter just before it changed. */
export const staysUnusedMs = 3 * dayMs;
const lookWhileUnusedMs = 6 * hourMs;

/** The observation of one of our ARNs that a new one has replaced. */
export type Sight = {
  /** True if anything uses it, or other stacks may still read it. */
  readonly isNeeded: boolean;
  /** ARNs of resources that use it and that we are not about to move. */
  readonly usedBy: readonly string[];
  readonly notAfter: Date | null;
};

/** A new ARN has taken its place. */
export function replaced(arn: string, at: Date): RetiredArn {
  return { arn, lookAgainAt: at.toISOString() };
}

/** The ARN was never published, so that nobody has to be waited for. */
export function neverUsed(arn: string, at: Date): RetiredArn {
  return { arn, lookAgainAt: at.toISOString(), unusedSince: new Date(0).toISOString() };
}

type Looked = { readonly arn: string; readonly sight: Sight; readonly at: Date };

export function lookedAt(
  record: CertificateRecord,
  place: string,
  { arn, sight, at }: Looked,
): CertificateRecord {
  return moved(record, place, arn, (retired) => afterLook(retired, sight, at));
}

/** It could not be looked at, or not be deleted; the earlier observation stays valid meanwhile. */
export function notLookedAt(
  record: CertificateRecord,
  place: string,
  { arn, at }: Omit<Looked, 'sight'>,
): CertificateRecord {
  const lookAgainAt = addMs(at, lookAgainMs).toISOString();
  return moved(record, place, arn, (retired) => ({ ...retired, lookAgainAt }));
}

/** It was deleted, or is not ours. */
export function gone(record: CertificateRecord, place: string, arn: string): CertificateRecord {
  return moved(record, place, arn, () => null);
}

/** Says whether nothing has needed it for long enough; the present look says that nothing does. */
export function isSpent({ unusedSince }: Pick<RetiredArn, 'unusedSince'>, now: Date): boolean {
  return unusedSince !== undefined && addMs(new Date(unusedSince), staysUnusedMs) <= now;
}

/** The report to people is kept as long as somebody uses it. */
function afterLook(
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

function nextLook(unusedSince: string, now: Date): Date {
  const spentAt = addMs(new Date(unusedSince), staysUnusedMs);
  const next = addMs(now, lookWhileUnusedMs);
  // An ARN that could not be deleted when it was spent is looked at again like one in use.
  if (spentAt <= now) return addMs(now, lookAgainMs);
  return spentAt < next ? spentAt : next;
}

/** The ARN last looked at stands last; null removes it. Returns the record unchanged where the ARN is not there. */
function moved(
  record: CertificateRecord,
  place: string,
  arn: string,
  change: (retired: RetiredArn) => RetiredArn | null,
): CertificateRecord {
  const all = record.imports[place]?.retired ?? [];
  const retired = all.find((each) => each.arn === arn);
  if (!retired) return record;
  const after = change(retired);
  const others = all.filter((each) => each !== retired);
  return withRetired(record, place, after ? [...others, after] : others);
}

function withRetired(
  record: CertificateRecord,
  place: string,
  retired: RetiredArn[],
): CertificateRecord {
  const entry = record.imports[place];
  if (!entry) return record;
  return { ...record, imports: { ...record.imports, [place]: { ...entry, retired } } };
}
