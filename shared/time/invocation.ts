import { addMs, type Clock, minuteMs, secondMs } from './clock.ts';

/** One run of a function: its id, and the time at which the platform ends it. */
export type Invocation = {
  readonly id: string;
  readonly deadline: Date;
  /** The ARN that was invoked: the function's, or that of an alias. Absent where it does not matter. */
  readonly invokedArn?: string;
};

/** Lambda's maximum run time: no lease lasts longer than its run. */
export const longestRunMs = 15 * minuteMs;

/** A lease must outlive the run that holds it: the platform ends the run at the deadline. */
export function leaseUntil(invocation: Invocation): Date {
  return addMs(invocation.deadline, 10 * secondMs);
}

/** Waiting ends with 30 % of the run's time left, early enough to write down the progress. */
export function patienceUntil(invocation: Invocation, clock: Clock): Date {
  const left = invocation.deadline.getTime() - clock.now().getTime();
  return addMs(clock.now(), Math.max(0, left * 0.7));
}
