import type { DeployedFunction } from '../services/lambda/state.ts';
import type { InvocationResult } from './invocation-result.ts';

/** A due invocation, and the callback for its end. */
export type Work = {
  readonly deployed: DeployedFunction;
  readonly event: unknown;
  /** The ARN of an alias, where one was invoked. */
  readonly invokedArn?: string | undefined;
  ended(result: InvocationResult): Promise<void> | void;
};

/** A source that starts functions. */
export type WorkSource = {
  /** Returns the work that may start now, each once. */
  takeDue(): Promise<readonly Work[]>;
  /** The time of the next try after throttling, in milliseconds of the clock; null where nothing was throttled. */
  throttledUntilMs(): number | null;
};
