import { isCertkeepError } from '#shared/errors.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { jittered, retry } from '#shared/time/waiting.ts';

export type Persistence = { readonly clock: Clock; readonly random: () => number };

/** Full jitter: about 3.5 s in all. */
const waitsMs = [1, 2, 4].map((seconds) => seconds * secondMs);

/** A later run takes over where the wait would be longer. */
const longestMs = 10 * secondMs;

/** Repeats a call that the service could not answer or was asked too soon. Every call may be carried out twice. */
export function persistently<T>(
  { clock, random }: Persistence,
  call: () => Promise<T>,
): Promise<T> {
  const waitFor = (error: unknown, waitMs: number) =>
    waitAfterError(error, clock.now(), jittered(random, waitMs));
  return retry(clock, { waitsMs, waitFor }, call);
}

/** Null where waiting a little does not help. */
function waitAfterError(error: unknown, now: Date, backoffMs: number): number | null {
  if (isCertkeepError(error, 'DnsServiceUnreachable')) return backoffMs;
  if (!isCertkeepError(error, 'DnsRateLimited')) return null;
  const askedMs = error.retryAt ? error.retryAt.getTime() - now.getTime() : 0;
  return askedMs > longestMs ? null : Math.max(askedMs, backoffMs);
}
