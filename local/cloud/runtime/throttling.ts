import { minuteMs, secondMs } from '../clock.ts';
import type { DeployedFunction } from '../services/lambda/state.ts';
import type { InvocationResult } from './invocation-result.ts';

/**
 * Concurrent executions in an account and region. A new account has ten; Lambda raises this with usage or on request.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const newAccountExecutions = 10;

/** Counts executions. `take` returns a function that ends one, or null where the account may not begin another. */
export type Executions = { take(deployed: DeployedFunction): (() => void) | null };

/** All functions of an account and region share the executions: lambda-concurrency.html, "unreserved concurrency". */
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

/** Lambda did not run the function. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, TooManyRequestsException */
export const throttled: InvocationResult = {
  ok: false,
  isThrottled: true,
  error: { name: 'TooManyRequestsException', message: 'Rate Exceeded.' },
};

/**
 * The wait after a throttled try: "increases exponentially from 1 second after the first attempt to a maximum of 5 minutes"
 * (invocation-async-error-handling.html). Lambda does not document a poller's wait; here it is the same.
 */
export function throttledRetryMs(throttles: number): number {
  return Math.min(secondMs * 2 ** (throttles - 1), 5 * minuteMs);
}
