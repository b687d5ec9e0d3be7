import type { Limit } from '#shared/issuers/limits.ts';
import { longestFailureMs } from '#shared/ledger/backoff.ts';
import { addMs, secondMs } from '#shared/time/clock.ts';

/**
 * A token bucket, kept as the time when it will be full again (ms since 1970): the generic cell rate
 * algorithm, which is how Let's Encrypt counts (https://letsencrypt.org/docs/rate-limits/). Undefined is full.
 */
export type Bucket = number | undefined;

/** The CA counts when our request arrives, on a clock of its own. */
const latenessMs = 10 * secondMs;

/** When one may be taken such that `reserve` are left after it: `now` where that is so already. */
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
 * Until it is full. Insisting takes more than there is, and a CA may ask for days of patience besides (ledger/backoff.ts); a bucket that
 * would be empty for longer was emptied by nobody, and counts as full.
 */
function emptyFor(bucket: Bucket, { perMs }: Limit, now: Date): number {
  const emptyForMs = Math.max((bucket ?? 0) - now.getTime(), 0);
  return emptyForMs <= 2 * perMs + longestFailureMs ? emptyForMs : 0;
}

/** As it is where the other side said that one may be taken at `freeAt`, and not before. */
export function emptyUntil(freeAt: Date, limit: Limit): number {
  return Math.ceil(freeAt.getTime() + (limit.count - 1) * refillMs(limit));
}

/** Until one more is there. */
export function refillMs({ count, perMs }: Limit): number {
  return perMs / count;
}

/** Times are whole milliseconds: a bucket from which one was taken may look emptier by a hair. */
const tinyShare = 1e-3;
