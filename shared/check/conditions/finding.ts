import { lifetimeOf } from '#shared/acquire/renewal/renewal-time.ts';
import { catalogue, type ErrorName } from '#shared/errors.ts';
import type { Failure, Version } from '#shared/ledger/record/record.ts';
import {
  type Condition,
  conditionKey,
  criticalWithin,
  type Danger,
  noDanger,
} from '#shared/status/condition.ts';
import { addMs } from '#shared/time/clock.ts';
import { scopeOf } from './scopes.ts';

/** A condition as one look finds it, before it is compared with the look before. */
export type Finding = Omit<Condition, 'since' | 'scope' | 'nextAttemptAt'> & {
  /** The parts of certkeep and its surroundings on which a shared cause may hang. */
  readonly named?: Parameters<typeof scopeOf>[1];
  readonly nextAttemptAt?: string;
  /** The time since which the facts say that it is so; the time of the look where they do not say. */
  readonly from?: string;
  /** Work that is under way: after this time, in milliseconds, it is trouble. */
  readonly patience?: { readonly ms: number } & Pick<Condition, 'reason' | 'message' | 'danger'>;
};

/** A condition that needs nobody. */
export function well(
  type: Condition['type'],
  message: string,
  about: string | null = null,
): Finding {
  return { type, about, status: 'true', reason: 'Well', message, danger: noDanger };
}

/** Adds the time since which each condition has its status, and ends patience. */
export function settled(
  findings: readonly Finding[],
  before: readonly Condition[],
  now: Date,
): readonly Condition[] {
  const known = new Map(before.map((each) => [conditionKey(each), each]));
  return findings.map((finding) => settle(finding, known.get(conditionKey(finding)), now));
}

function settle(finding: Finding, before: Condition | undefined, now: Date): Condition {
  const { from, named, nextAttemptAt = null, patience, ...kept } = finding;
  const isWell = kept.status === 'true';
  const found = { ...kept, scope: isWell ? null : scopeOf(kept.reason, named), nextAttemptAt };
  const begun = earliest(from ?? now.toISOString(), now);
  const lasts =
    before !== undefined &&
    (before.status === found.status || (patience && before.reason === patience.reason));
  const since = lasts ? earliest(before.since, now) : begun;
  const isOver = patience && addMs(new Date(since), patience.ms) <= now;
  if (!isOver) return watchful({ ...found, since });
  const { reason, message, danger } = patience;
  const scope = scopeOf(reason, named);
  return watchful({ ...found, status: 'false', reason, message, danger, scope, since });
}

/** Somebody else does what only certkeep may do: nobody knows what comes next. */
const intrusions: readonly string[] = [
  'ArnNotOurs',
  'AttemptNotOurs',
  'CertificateOverwritten',
  'LookAlikeFound',
  'StoredVersionDiffers',
] satisfies readonly ErrorName[];

function watchful(condition: Condition): Condition {
  const { danger, reason } = condition;
  if (danger.severity !== 'warning' || !intrusions.includes(reason)) return condition;
  return { ...condition, danger: { ...danger, severity: 'critical' } };
}

/** A time that lies ahead would keep a condition young for ever. */
function earliest(at: string, now: Date): string {
  const present = now.toISOString();
  return at < present ? at : present;
}

/** The facts that decide how bad trouble is. */
export type Stake = Omit<Danger, 'severity'> & {
  /** The lifetime of the certificate in milliseconds; null where there is none. */
  readonly lifetimeMs: number | null;
};

/** `2027-01-28`: the time of day matters only within the last day. */
export function dateOf(at: string): string {
  return at.slice(0, 10);
}

/** Trouble that needs a person, however it goes on. */
export function dangerOf({ lifetimeMs, ...stake }: Stake, now: Date): Danger {
  const { hurtsAt } = stake;
  const within = criticalWithin(lifetimeMs ?? Number.POSITIVE_INFINITY);
  const isSoon = hurtsAt !== null && new Date(hurtsAt) <= addMs(now, within);
  return { severity: isSoon ? 'critical' : 'warning', ...stake };
}

/** The stake of trouble that concerns people and no client. */
export const unaffected: Stake = {
  clients: 'unaffected',
  where: null,
  hurtsAt: null,
  lifetimeMs: null,
};

/** Trouble that is still being tried needs nobody, unless clients are hurt already. */
export function dangerMeanwhile(stake: Stake, now: Date): Danger {
  const { lifetimeMs, ...meanwhile } = stake;
  const { hurtsAt } = meanwhile;
  if (hurtsAt !== null && new Date(hurtsAt) <= now) return dangerOf(stake, now);
  return { severity: 'none', ...meanwhile };
}

export function lifetimeOfVersion(version: Version | null): number | null {
  return version && lifetimeOf(version);
}

/** By the third failure it is no accident: the waits before it are a minute and ten. */
const tellingFailures = 3;

/**
 * Says whether a failure needs a person: it cannot pass by itself, it has not passed in several tries, or the CA wants a
 * page opened.
 */
export function needsPerson({
  count,
  error,
  page,
}: Pick<Failure, 'count' | 'error' | 'page'>): boolean {
  return page !== undefined || !isRetryable(error) || count >= tellingFailures;
}

/** Judges a failure: trouble, or still being tried. */
export function judged(
  failure: Pick<Failure, 'count' | 'error' | 'page'>,
  stake: Stake,
  now: Date,
): Pick<Finding, 'status' | 'danger'> {
  return needsPerson(failure)
    ? { status: 'false', danger: dangerOf(stake, now) }
    : { status: 'unknown', danger: dangerMeanwhile(stake, now) };
}

/** An error that has no name may pass. */
export function isRetryable(error: string): boolean {
  return !Object.hasOwn(catalogue, error) || catalogue[error as ErrorName].retryable;
}
