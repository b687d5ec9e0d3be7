import type { ErrorName } from '#shared/errors.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { foreignFields } from './ledger-object.ts';
import { type Failure, failureSchema } from './record/record.ts';

export type BackoffLimits = {
  /** Waits after the first, second, … failure; the last one repeats. */
  readonly delaysMs?: readonly number[];
  /** The end of the certificate in service; null when there is none yet. */
  readonly endOfLife: Date | null;
  /** 0 to 1, given by the caller, so that certificates that failed together do not retry together. */
  readonly jitter?: number;
};

export type FailureCause = {
  readonly name: string;
  readonly message: string;
  /** The next try may not come before this time, where the other side named one (Retry-After). */
  readonly retryAt: Date | null;
};

/** Let's Encrypt's advice: https://letsencrypt.org/docs/integration-guide/#retrying-failures */
export const retryDelaysMs = [minuteMs, 10 * minuteMs, 100 * minuteMs, dayMs] as const;

/** Throttling and outages pass in minutes and do not mean that the work itself is impossible. */
const passingDelaysMs = [minuteMs, 2 * minuteMs, 5 * minuteMs, 10 * minuteMs] as const;
/** The fourth such failure in a row comes about eight minutes after the first. */
const toldFrom = 4;

const jitterShare = 0.1;
/** Work that was throttled together must not retry together. */
const passingJitterShare = 0.5;
const messageLimit = 1_000;

/** Long waits are pointless near the end: the next try comes after a quarter of the remaining time. */
const shareOfRemaining = 0.25;
/** Four an hour, under Let's Encrypt's five failed validations of a name an hour. */
const shortestCapMs = 15 * minuteMs;
/** A certificate past its end may be an outage or abandoned: hourly suits both. */
const capAfterEndMs = hourMs;
/** Let's Encrypt's longest window is a week; a later time named by a CA is ignored. */
const longestParkMs = 7 * dayMs;

/** The longest wait after a failure, or of parked work. */
export const longestFailureMs = longestParkMs * (1 + jitterShare);

/**
 * Returns the record of a failure at `now`, with the time of the next try. A rate limit parks the work and is not counted.
 */
export function nextFailure(
  previous: Failure | null,
  error: FailureCause,
  now: Date,
  limits: BackoffLimits,
): Failure {
  const earlier = previous?.count ?? 0;
  const parked = isParked(error);
  const count = parked ? earlier : earlier + 1;
  const passing = (previous?.passing ?? 0) + (passes(error.name) ? 1 : 0);
  const spread = hasOwnTime(error.name) ? { ...limits, jitter: 0 } : limits;
  const backoffMs = parked ? 0 : backoffOf(error.name, { count, passing }, limits);
  return {
    ...foreignFields(failureSchema, previous),
    count,
    ...(passing > 0 && { passing }),
    lastAt: now.toISOString(),
    nextAttemptAt: nextAttempt(backoffMs, error.retryAt, now, spread).toISOString(),
    error: error.name,
    message: error.message.slice(0, messageLimit),
  };
}

/** Returns when work that must wait until `retryAt` is looked at again: then, or earlier if the certificate ends before. */
export function parkUntil(retryAt: Date, now: Date, limits: BackoffLimits): Date {
  return nextAttempt(0, retryAt, now, limits);
}

/** A CA's refusal that names no time is counted, so that the waits grow. */
function isParked(error: FailureCause): boolean {
  return isLimit(error.name) && error.retryAt !== null;
}

/** Each turn has a time of its own, so that it needs no jitter. */
function hasOwnTime(name: string): boolean {
  return isTurn(name) && name !== 'ChangeInProgress';
}

/** Work waits for its turn, or until a service is done with earlier work: nobody has to know. */
const turns: readonly ErrorName[] = ['ImportLaneFull', 'DomainTurnTaken', 'ChangeInProgress'];

/** Says whether work waits for a turn that has a time. */
export function isTurn(name: string): boolean {
  return turns.some((turn) => turn === name);
}

/** Says whether the error is a limit, which is neither a success nor a failure but a date to wait for. */
export function isLimit(name: string): boolean {
  const limits: readonly ErrorName[] = ['IssuerRateLimited', 'BudgetSpent', ...turns];
  return limits.some((limit) => limit === name);
}

function passes(name: string): boolean {
  const passing: readonly ErrorName[] = ['ServiceThrottled', 'ServiceFailed', 'RunOutOfTime'];
  return passing.some((each) => each === name);
}

/**
 * Says whether people are told of a failure. They hear of passing trouble once it has lasted some minutes, and again each
 * time that it has lasted about twice as long. They never hear that work waits for its turn.
 */
export function isWorthTelling({ error, passing = 0 }: Pick<Failure, 'error' | 'passing'>) {
  if (isTurn(error)) return false;
  return !passes(error) || (passing >= toldFrom && Number.isInteger(Math.log2(passing)));
}

/** Refusals and passing trouble each have their own count and their own waits. */
function backoffOf(
  name: string,
  { count, passing }: { readonly count: number; readonly passing: number },
  { delaysMs = retryDelaysMs, jitter = 0 }: BackoffLimits,
): number {
  if (!passes(name)) return delayOf(count - passing, delaysMs);
  const waitMs = Math.min(delayOf(passing, passingDelaysMs), delayOf(count, delaysMs));
  return waitMs * (1 + passingJitterShare * jitter);
}

function delayOf(count: number, delaysMs: readonly number[]): number {
  return delaysMs[Math.min(count, delaysMs.length) - 1] ?? dayMs;
}

function nextAttempt(
  backoffMs: number,
  retryAt: Date | null,
  now: Date,
  { endOfLife, jitter = 0 }: BackoffLimits,
): Date {
  const namedMs = retryAt ? Math.min(retryAt.getTime() - now.getTime(), longestParkMs) : 0;
  const waitMs = Math.max(backoffMs, namedMs, 0) * (1 + jitterShare * jitter);
  return addMs(now, Math.floor(Math.min(waitMs, longestWaitMs(endOfLife, now, namedMs))));
}

/** A time named by the other side is respected up to the last quarter of the remaining time; an earlier try is futile. */
function longestWaitMs(endOfLife: Date | null, now: Date, namedMs: number): number {
  if (!endOfLife) return Number.POSITIVE_INFINITY;
  const remainingMs = endOfLife.getTime() - now.getTime();
  if (remainingMs <= 0) return Math.max(capAfterEndMs, namedMs);
  const capMs = Math.max(shortestCapMs, remainingMs * shareOfRemaining);
  const beforeEndMs = Math.min(remainingMs, Math.max(minuteMs, remainingMs / 2));
  const obeyedMs = Math.min(namedMs, remainingMs * (1 - shareOfRemaining));
  return Math.max(Math.min(capMs, beforeEndMs), obeyedMs);
}
