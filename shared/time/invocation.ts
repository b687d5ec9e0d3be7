import { addMs, type Clock, minuteMs, secondMs } from './clock.ts';

/** One run of a function: who it is, and when it is ended whatever it does. */
export type Invocation = {
  readonly id: string;
  readonly deadline: Date;
  /** By which it was asked for: of the function, or of one of its aliases. Absent where that does not matter. */
  readonly invokedArn?: string;
};

/** What Lambda lets a function take at most: no lease runs longer than its run. */
export const longestRunMs = 15 * minuteMs;

/** A lease must outlive the run that holds it; past the deadline the platform has ended the run. */
export function leaseUntil(invocation: Invocation): Date {
  return addMs(invocation.deadline, 10 * secondMs);
}

/** Waiting ends early enough to write down what was reached: with 30 % of the run's time left. */
export function patienceUntil(invocation: Invocation, clock: Clock): Date {
  const left = invocation.deadline.getTime() - clock.now().getTime();
  return addMs(clock.now(), Math.max(0, left * 0.7));
}
