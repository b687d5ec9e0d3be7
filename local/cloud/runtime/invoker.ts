import type { DeployedFunction } from '../services/lambda/state.ts';
import type { InvocationResult } from './invocation-result.ts';

/** Runs deployed functions. `invoke` rejects only after `close`. */
export type Invoker = {
  /** `invokedArn` is the ARN in the function's context: its own by default. */
  invoke(
    deployed: DeployedFunction,
    event: unknown,
    invokedArn?: string,
  ): Promise<InvocationResult>;
  /** Ends every running invocation of the stage (`issue`), wherever it is. */
  kill(stage: string): void;
  /** Ends that invocation only; one that has already ended is no error. */
  killRun(requestId: string): void;
  close(): Promise<void>;
};

export function failed(name: string, message: string): InvocationResult {
  return { ok: false, error: { name, message } };
}

/** Lambda's message when the sandbox disappears during an invocation. */
export function exited(requestId: string, how: string): InvocationResult {
  return failed(
    'Runtime.ExitError',
    `RequestId: ${requestId} Error: Runtime exited with error: ${how}`,
  );
}

export function timedOut(requestId: string, timeoutMs: number): InvocationResult {
  const seconds = (timeoutMs / 1_000).toFixed(2);
  return failed(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  );
}
