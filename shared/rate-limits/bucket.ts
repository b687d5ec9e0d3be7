import type { Limit } from '#shared/issuers/limits.ts';
import { longestFailureMs } from '#shared/ledger/backoff.ts';
import { addMs, secondMs } from '#shared/time/clock.ts';

/**
 * A token bucket, stored as the time when it will be full again (ms since 1970): the generic cell rate algorithm, which
 * Let's Encrypt uses (https://letsencrypt.org/docs/rate-limits/). Undefined is full.
 */
export type Bucket = number | undefined;

/** The CA counts when our request arrives, by its own clock. */
const latenessMs = 10 * secondMs;

/** The time at which one token may be taken so that `reserve` remain; `now` where it may be taken already. */
export function freeAt(bucket: Bucket, limit: Limit, now: Date, reserve = 0): Date {
  const emptyForMs = emptyFor(bucket, limit, now);
  const waitMs = emptyForMs - (limit.count - 1 - reserve) * refillMs(limit);
  return waitMs > 0 ? addMs(now, Math.ceil(waitMs) + latenessMs) : now;
}

export function left(bucket: Bucket, limit: Limit, now: Date): number {
  const emptyForMs = emptyFor(bucket, limit, now);
  return Math.max(Math.floor(limit.count - emptyForMs / refillMs(limit) + tinyShare), 0);
}

export function afterOne(bucket: Bucket, limit: Limit, now: Date): number {
  return Math.ceil(now.getTime() + emptyFor(bucket, limit, now) + refillMs(limit));
}

/**
 * The time until the bucket is full. Forced orders take more tokens than there are, and a CA may demand days of patience
 * besides (ledger/backoff.ts); but a bucket that would be empty for longer than both holds a wrong value, and counts as
 * full.
 */
function emptyFor(bucket: Bucket, { perMs }: Limit, now: Date): number {
  const emptyForMs = Math.max((bucket ?? 0) - now.getTime(), 0);
  return emptyForMs <= 2 * perMs + longestFailureMs ? emptyForMs : 0;
}

/** The bucket after the CA said that one token is available at `freeAt`, and not before. */
export function emptyUntil(freeAt: Date, limit: Limit): number {
  return Math.ceil(freeAt.getTime() + (limit.count - 1) * refillMs(limit));
}

/** The time until the next token. */
export function refillMs({ count, perMs }: Limit): number {
  return perMs / count;
}

/** Times are whole milliseconds, so a bucket may look emptier than it is by this share of a token. */
const tinyShare = 1e-3;
