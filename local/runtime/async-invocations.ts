import { type Clock, minuteMs } from '#shared/clock.ts';
import type { InvocationError, InvocationResult } from './invoker.ts';
import type { Work, WorkSource } from './work.ts';

/** An asynchronous invocation that Lambda gave up on. */
export type DeadEvent = {
  readonly functionName: string;
  readonly event: unknown;
  readonly error: InvocationError;
};

export type AsyncInvocations = WorkSource & {
  add(functionName: string, event: unknown): void;
  readonly dead: readonly DeadEvent[];
};

/** Lambda User Guide, "How Lambda handles errors and retries with asynchronous invocation": 1 minute, then 2. */
export const asyncRetryDelaysMs: readonly number[] = [minuteMs, 2 * minuteMs];

/** Lambda's own queue for events that nobody waits for: those of EventBridge, the Scheduler and `InvocationType: Event`. */
export function asyncInvocations(options: {
  readonly clock: Clock;
  readonly retryDelaysMs?: readonly number[];
}): AsyncInvocations {
  const { clock, retryDelaysMs = asyncRetryDelaysMs } = options;
  type Waiting = { functionName: string; event: unknown; failures: number; dueAtMs: number };
  const dead: DeadEvent[] = [];
  let waiting: Waiting[] = [];

  function retryOrGiveUp(tried: Waiting, result: InvocationResult): void {
    if (result.ok) return;
    const { functionName, event, failures } = tried;
    const delayMs = retryDelaysMs[failures];
    if (delayMs === undefined) {
      dead.push({ functionName, event, error: result.error });
    } else {
      waiting.push({ ...tried, failures: failures + 1, dueAtMs: clock.now().getTime() + delayMs });
    }
  }

  return {
    dead,
    add(functionName, event) {
      waiting.push({ functionName, event, failures: 0, dueAtMs: clock.now().getTime() });
    },
    takeDue(): Work[] {
      const nowMs = clock.now().getTime();
      const due = waiting.filter(({ dueAtMs }) => dueAtMs <= nowMs);
      waiting = waiting.filter(({ dueAtMs }) => dueAtMs > nowMs);
      return due.map((one) => ({
        functionName: one.functionName,
        event: one.event,
        ended: (result) => retryOrGiveUp(one, result),
      }));
    },
  };
}
