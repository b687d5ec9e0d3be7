import { CertkeepError, type ErrorName, errorMessage, errorName } from '#shared/errors.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { jittered, retry } from '#shared/time/waiting.ts';

export type Patience = { readonly clock: Clock; readonly random: () => number };

/** The whole account may send 10 requests a second. */
const throttled = ['Throttling', 'ThrottlingException'];

/** Route 53 accepts one change per zone at a time. */
const busy = ['PriorRequestNotComplete', ...throttled];

/** Full jitter: on average 16 s in all, beside what the SDK itself waits. */
const waitsMs = [1, 2, 4, 8, 8, 8].map((seconds) => seconds * secondMs);

/**
 * Repeats `call` while Route 53 is busy.
 * @throws CertkeepError DnsChangeRefused, DnsRateLimited, DnsServiceUnreachable, ZoneNotFound
 */
export async function patiently<T>(
  { clock, random }: Patience,
  call: () => Promise<T>,
): Promise<T> {
  const waitFor = (error: unknown, longestMs: number) =>
    busy.includes(errorName(error)) ? jittered(random, longestMs) : null;
  try {
    return await retry(clock, { waitsMs, waitFor }, call);
  } catch (error) {
    throw refused(error);
  }
}

/** Nothing of the error is hidden: `wasRefusedAs` still sees its name through the cause. */
function refused(error: unknown): unknown {
  deadlineSignal()?.throwIfAborted();
  if (error instanceof CertkeepError) return error;
  const message = `Route 53: ${errorName(error)}: ${errorMessage(error)}`;
  return new CertkeepError(nameOf(error), message, { cause: error });
}

/** The SDK's error has an HTTP status where Route 53 answered, and none where no answer came. */
function nameOf(error: unknown): ErrorName {
  const name = errorName(error);
  if (throttled.includes(name)) return 'DnsRateLimited';
  if (name === 'NoSuchHostedZone') return 'ZoneNotFound';
  const status = (error as ServiceError | null)?.$metadata?.httpStatusCode;
  return status === undefined || status >= 500 ? 'DnsServiceUnreachable' : 'DnsChangeRefused';
}

type ServiceError = { readonly $metadata?: { readonly httpStatusCode?: number } };

/** Says whether Route 53's own error has this name, translated or not. */
export function wasRefusedAs(error: unknown, name: string): boolean {
  return errorName(error instanceof CertkeepError ? error.cause : error) === name;
}
