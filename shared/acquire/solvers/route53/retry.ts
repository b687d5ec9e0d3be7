import { type Clock, secondMs } from '#shared/clock.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';

export type Patience = { readonly clock: Clock; readonly random: () => number };

/** 10 requests a second for the whole account. */
const throttled = ['Throttling', 'ThrottlingException'];

/** Route 53 takes one change a zone at a time. */
const busy = ['PriorRequestNotComplete', ...throttled];

/** Full jitter up to 1, 2, 4, 8, 8, 8 s: on average 16 s in all, beside what the SDK itself waits. */
const busyTries = 7;
const longestBusyMs = 8 * secondMs;

/** Repeats `call` while Route 53 is busy. @throws CertkeepError DnsChangeRefused, DnsRateLimited */
export async function patiently<T>(patience: Patience, call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!busy.includes(errorName(error)) || attempt + 1 >= busyTries) throw refused(error);
      await jitteredSleep(patience, Math.min(secondMs * 2 ** attempt, longestBusyMs));
    }
  }
}

export async function jitteredSleep({ clock, random }: Patience, longestMs: number): Promise<void> {
  await clock.sleep(Math.ceil(random() * longestMs), deadlineSignal());
}

/** Nothing of the error is hidden: `wasRefusedAs` still sees its name through the cause. */
export function refused(error: unknown): unknown {
  deadlineSignal()?.throwIfAborted();
  if (error instanceof CertkeepError) return error;
  const name = errorName(error);
  return new CertkeepError(
    throttled.includes(name) ? 'DnsRateLimited' : 'DnsChangeRefused',
    `Route 53: ${name}: ${errorMessage(error)}`,
    { cause: error },
  );
}

/** Whether Route 53's own error has this name, translated already or not. */
export function wasRefusedAs(error: unknown, name: string): boolean {
  return errorName(error instanceof CertkeepError ? error.cause : error) === name;
}
