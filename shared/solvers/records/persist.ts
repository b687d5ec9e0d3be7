import { isCertkeepError } from '#shared/errors.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';

export type Persistence = { readonly clock: Clock; readonly random: () => number };

/** Full jitter up to 1, 2, 4 s: about 3.5 s on average. */
const tries = 4;

/** A later run takes over where the wait would be longer. */
const longestMs = 10 * secondMs;

/** Retries a call that the service could not answer, or throttled. The service may carry out each call twice. */
export async function persistently<T>(
  { clock, random }: Persistence,
  call: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const waitMs = waitFor(error, clock.now(), Math.ceil(random() * secondMs * 2 ** attempt));
      if (waitMs === null || attempt + 1 >= tries) throw error;
      await clock.sleep(waitMs, deadlineSignal());
    }
  }
}

/** Null where a short wait does not help. */
function waitFor(error: unknown, now: Date, backoffMs: number): number | null {
  if (isCertkeepError(error, 'DnsServiceUnreachable')) return backoffMs;
  if (!isCertkeepError(error, 'DnsRateLimited')) return null;
  const askedMs = error.retryAt ? error.retryAt.getTime() - now.getTime() : 0;
  return askedMs > longestMs ? null : Math.max(askedMs, backoffMs);
}
