import type { DeployedFunction } from '../services/lambda/state.ts';
import type { InvocationResult } from './invocation-result.ts';

/** One invocation that is due, and whom to tell how it ended. */
export type Work = {
  readonly deployed: DeployedFunction;
  readonly event: unknown;
  /** Where an alias was asked. */
  readonly invokedArn?: string | undefined;
  ended(result: InvocationResult): Promise<void> | void;
};

/** Something that starts functions. */
export type WorkSource = {
  /** Gives what may start at this moment, and gives it once. */
  takeDue(): Promise<readonly Work[]>;
  /** When what was throttled is tried again, in milliseconds of the clock; null where nothing was. */
  throttledUntilMs(): number | null;
};
