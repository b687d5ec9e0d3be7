import type { DeployedFunction } from '../services/lambda/state.ts';
import type { InvocationResult } from './invocation-result.ts';

/** Runs deployed functions. `invoke` rejects only after `close`. */
export type Invoker = {
  /** `invokedArn` is what the function is told that was asked: its own ARN unless given. */
  invoke(
    deployed: DeployedFunction,
    event: unknown,
    invokedArn?: string,
  ): Promise<InvocationResult>;
  /** Ends every invocation of the stage (`issue`) that is running now, wherever it stands. */
  kill(stage: string): void;
  /** Ends that invocation and leaves its neighbours alone; one that has ended already is no error. */
  killRun(requestId: string): void;
  close(): Promise<void>;
};

export function failed(name: string, message: string): InvocationResult {
  return { ok: false, error: { name, message } };
}

/** As Lambda words it when the sandbox is gone in the middle of an invocation. */
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
