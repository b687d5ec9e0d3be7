import type { InvocationResult } from './invoker.ts';

/** One invocation that is due, and whom to tell how it ended. */
export type Work = {
  readonly functionName: string;
  readonly event: unknown;
  ended(result: InvocationResult): void;
};

/** Something that starts functions. `takeDue` gives what may start at this moment, and gives it once. */
export type WorkSource = { takeDue(): Work[] };
