import { randomUUID } from 'node:crypto';
import { addMs, type Clock } from '../clock.ts';
import { type DeployedFunction, stageOf } from '../services/lambda/state.ts';
import type { InvocationResult } from './invocation-result.ts';
import { exited, failed, type Invoker, timedOut } from './invoker.ts';
import { lifeOf } from './life.ts';
import { asRun } from './run-header.ts';

/** The context of an invocation for a handler that runs in our own process. */
export type LocalContext = {
  readonly requestId: string;
  readonly stage: string;
  /** The ARN of the function, or of the alias that was invoked. */
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
  /**
   * Aborts when the invocation was killed or timed out. Nobody can stop the handler's code in our own process, so the
   * composition makes every outside call of a dead invocation hang for ever.
   */
  readonly died: AbortSignal;
  isDead(): boolean;
  /** The handler's clock: a sleep longer than the function's time ends in its timeout. */
  readonly clock: Clock;
};

export type LocalHandler = (event: unknown, context: LocalContext) => Promise<unknown>;

/** The interval of looks at the deadline, in real time: sleeping on a virtual clock would move it. */
const lookEveryRealMs = 20;

/** Runs handlers in our own process, on any clock. Events and results are passed as JSON, as on Lambda. */
export function inProcessInvoker(options: {
  readonly handlerOf: (deployed: DeployedFunction) => LocalHandler;
  readonly clock: Clock;
}): Invoker {
  const { clock } = options;
  type Invocation = {
    readonly stage: string;
    end(result: InvocationResult): void;
    requestId: string;
  };
  const present = new Set<Invocation>();
  let closed = false;

  async function invoke(
    deployed: DeployedFunction,
    event: unknown,
    invokedFunctionArn = deployed.arn,
  ): Promise<InvocationResult> {
    if (closed) throw new Error('the runtime is closed');
    const { timeoutMs } = deployed;
    const stage = stageOf(deployed);
    const requestId = randomUUID();
    const deadline = addMs(clock.now(), timeoutMs);
    const life = lifeOf(clock, deadline, () => end(timedOut(requestId, timeoutMs)));
    const { promise, resolve } = Promise.withResolvers<InvocationResult>();
    const invocation = { stage, requestId, end };
    present.add(invocation);
    const watch = setInterval(life.endIfLate, lookEveryRealMs);
    const context: LocalContext = {
      requestId,
      stage,
      invokedFunctionArn,
      getRemainingTimeInMillis: () => deadline.getTime() - clock.now().getTime(),
      died: life.died,
      isDead: () => life.died.aborted,
      clock: life.clock,
    };
    const running = asRun(requestId, () => outcome(options.handlerOf(deployed), event, context));
    void running.then((result) => {
      life.endIfLate();
      finish(result);
    });
    return promise;

    function end(result: InvocationResult): void {
      life.end();
      finish(result);
    }

    function finish(result: InvocationResult): void {
      clearInterval(watch);
      present.delete(invocation);
      resolve(result);
    }
  }

  function endAll(wanted: (invocation: Invocation) => boolean): void {
    for (const invocation of [...present].filter(wanted)) {
      invocation.end(exited(invocation.requestId, 'signal: killed'));
    }
  }

  return {
    invoke,
    kill: (stage) => endAll((invocation) => invocation.stage === stage),
    killRun: (requestId) => endAll((invocation) => invocation.requestId === requestId),
    async close() {
      closed = true;
      endAll(() => true);
    },
  };
}

async function outcome(
  handler: LocalHandler,
  event: unknown,
  context: LocalContext,
): Promise<InvocationResult> {
  try {
    return { ok: true, payload: overTheWire(await handler(overTheWire(event), context)) };
  } catch (error) {
    if (error instanceof Error) return failed(error.name, error.message);
    return failed('Error', String(error));
  }
}

function overTheWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
