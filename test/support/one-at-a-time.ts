import type { InvocationResult } from 'local-cloud/runtime/invocation-result.ts';
import type { Invoker } from 'local-cloud/runtime/invoker.ts';
import { stageOf } from 'local-cloud/services/lambda/state.ts';

/** `passOn` lets the next one begin although the present one has not ended: it is frozen. */
export type Turns = Invoker & { passOn(): void };

/** A run waits for them: for the CA that asks the one, and for what the other is shown. */
const answersOthers = ['challenge', 'inside'];

/**
 * Runs one invocation after the other, in the order in which they were asked for. What answers one of them runs beside it,
 * since it would wait for its own end otherwise.
 */
export function oneAtATime(invoker: Invoker): Turns {
  const waiting: (() => void)[] = [];
  let present: symbol | null = null;

  function next(): void {
    if (present === null) waiting.shift()?.();
  }

  function end(turn: symbol): void {
    if (present !== turn) return;
    present = null;
    next();
  }

  return {
    ...invoker,
    passOn() {
      if (present) end(present);
    },
    invoke: (deployed, event, invokedArn) => {
      if (answersOthers.includes(stageOf(deployed))) return invoker.invoke(deployed, event);
      return new Promise<InvocationResult>((resolve, reject) => {
        waiting.push(() => {
          const turn = Symbol(deployed.name);
          present = turn;
          invoker
            .invoke(deployed, event, invokedArn)
            .then(resolve, reject)
            .finally(() => end(turn));
        });
        next();
      });
    },
  };
}
