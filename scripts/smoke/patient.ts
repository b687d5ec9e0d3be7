import { errorName } from '#shared/errors.ts';
import { addMs, type Clock, minuteMs, secondMs } from '#shared/time/clock.ts';
import type { Account } from './account.ts';

const throttled = /Throttl|RequestLimitExceeded|TooManyRequests|SlowDown/;

/** ACM accepts one import per second from all callers in a place together (acm-limits.html). */
const againAfterMs = 1.1 * secondMs;
const longestMs = minuteMs;

/** The same account, but a throttled call, which had no effect, is repeated for up to a minute. */
export function patient(account: Account, clock: Clock): Account {
  const calls = Object.entries(account).map(([name, call]) => [
    name,
    (...given: readonly unknown[]) =>
      again(clock, () => (call as (...given: readonly unknown[]) => Promise<unknown>)(...given)),
  ]);
  return Object.fromEntries(calls) as Account;
}

async function again<T>(clock: Clock, call: () => Promise<T>): Promise<T> {
  const until = addMs(clock.now(), longestMs);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!throttled.test(errorName(error)) || clock.now() >= until) throw error;
      await clock.sleep(againAfterMs);
    }
  }
}
