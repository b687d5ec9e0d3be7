import { minuteMs, secondMs } from '#shared/time/clock.ts';
import type { DeployedFunction } from '../services/lambda/state.ts';
import type { InvocationResult } from './invocation-result.ts';

/**
 * Executions at once in an account and region. A new account has ten; Lambda raises it by usage or on request.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const newAccountExecutions = 10;

/** Counts executions. `take` gives what ends one, or null where the account may not begin another. */
export type Executions = { take(deployed: DeployedFunction): (() => void) | null };

/** All functions of an account and region share them: lambda-concurrency.html, "unreserved concurrency". */
export function executions(limit: number): Executions {
  const running = new Map<string, number>();
  return {
    take({ account, region }) {
      const place = `${account}/${region}`;
      const count = running.get(place) ?? 0;
      if (count >= limit) return null;
      running.set(place, count + 1);
      return () => void running.set(place, (running.get(place) ?? 0) - 1);
    },
  };
}

/** The function was not run. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, TooManyRequestsException */
export const throttled: InvocationResult = {
  ok: false,
  isThrottled: true,
  error: { name: 'TooManyRequestsException', message: 'Rate Exceeded.' },
};

/**
 * From a throttled try to the next: "increases exponentially from 1 second after the first attempt to a maximum of
 * 5 minutes" (invocation-async-error-handling.html). Lambda does not say how a poller waits: in the same way here.
 */
export function throttledRetryMs(throttles: number): number {
  return Math.min(secondMs * 2 ** (throttles - 1), 5 * minuteMs);
}
