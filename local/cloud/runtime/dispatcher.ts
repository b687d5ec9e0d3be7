import type { Clock } from '../clock.ts';
import type { FunctionRights } from '../iam/function-rights.ts';
import type { Metrics } from '../services/cloudwatch/metrics.ts';
import type { EventBridge } from '../services/eventbridge/service.ts';
import { type DeployedFunction, type LambdaState, stageOf } from '../services/lambda/state.ts';
import type { Scheduler } from '../services/scheduler/service.ts';
import { asyncInvocations, type DeadEvent } from './async-invocations.ts';
import { deadLetters } from './dead-letters.ts';
import { eventDeliveries } from './event-deliveries.ts';
import { invocationMetrics } from './invocation-metrics.ts';
import type { InvocationResult } from './invocation-result.ts';
import { failed, type Invoker } from './invoker.ts';
import { pollers } from './pollers.ts';
import { everyRight } from './rights.ts';
import { rateSchedules } from './schedules.ts';
import { executions, newAccountExecutions, throttled } from './throttling.ts';
import type { Work } from './work.ts';

export type Dispatcher = {
  /** A synchronous invocation by the function's name or stage, perhaps with an alias (`check:force`). `settle` waits for it too. */
  invoke(nameOrStage: string, event: unknown): Promise<InvocationResult>;
  /** An asynchronous invocation, which is retried, and finally becomes a dead event. */
  invokeLater(nameOrStage: string, event: unknown): void;
  startSchedules(): void;
  /**
   * Resolves when nothing runs and nothing could be delivered at this time of the clock. It also waits for throttled work:
   * when nothing else runs, the clock moves to the next try.
   */
  settle(): Promise<void>;
  readonly deadEvents: readonly DeadEvent[];
  /** Starts nothing more. The invoker ends what runs. */
  stop(): void;
};

export type DispatcherOptions = {
  /** The deployed functions and their triggers, now and later. */
  readonly deployed: {
    readonly lambda: LambdaState;
    readonly scheduler: Scheduler;
    readonly events: EventBridge;
    /** Receives the metrics of Lambda. */
    readonly metrics?: Pick<Metrics, 'put'>;
  };
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly rights?: FunctionRights;
  /** Concurrent executions in an account and region; a new account's by default. */
  readonly concurrentExecutions?: number;
  readonly asyncRetryDelaysMs?: readonly number[];
  /** The position of a scheduled occurrence in its window, from 0 to 1. */
  readonly random?: () => number;
  /**
   * The interval, in real time, of looks for work that became due as time passed: visibility, delays, retries, schedules.
   * Null for tests that call `settle` after they move their clock.
   */
  readonly lookEveryMs?: number | null;
  /** Reports what a person should see and no function can tell: a missing right, or a message that outlived its run. */
  readonly onProblem?: (problem: string) => void;
};

/** Connects the deployed queues, schedules, event rules and invocations to whatever runs the functions. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { clock, invoker, rights = everyRight, lookEveryMs = 100 } = options;
  const { lambda, scheduler, events } = options.deployed;
  const { queue } = lambda;
  const onProblem = options.onProblem ?? ((problem: string) => process.emitWarning(problem));
  const functionAt = (arn: string) => lambda.functions.get(arn);
  const account = executions(options.concurrentExecutions ?? newAccountExecutions);
  const inFlight = new Set<Promise<unknown>>();
  const measure = invocationMetrics({ clock, metrics: options.deployed.metrics ?? null });
  const letters = deadLetters({ queue, rights, onProblem });
  const later = asyncInvocations({
    clock,
    configOf: (arn) => lambda.invokeConfigs.get(arn),
    deadLetters: letters,
    ...(options.asyncRetryDelaysMs ? { retryDelaysMs: options.asyncRetryDelaysMs } : {}),
  });
  const passing = { rights, functionAt, invoke: addLater, deadLetters: letters, onProblem };
  const schedules = rateSchedules({
    ...passing,
    clock,
    schedules: scheduler.schedules,
    ...(options.random ? { random: options.random } : {}),
  });
  const deliver = eventDeliveries(passing);
  const polling = pollers({ lambda, rights, clock, onArrival: lookSoon, onProblem });
  /** Events and looks run one after the other, so that the outcome does not depend on how long rights take to evaluate. */
  let turn = Promise.resolve();
  let stopped = false;
  let lookPending = false;
  events.onDelivery((delivery) => void takeTurn(() => deliver(delivery)));
  lambda.runner = { invoke, invokeLater: addLater };
  const looking = lookEveryMs === null ? null : setInterval(lookSoon, lookEveryMs).unref();

  function takeTurn(act: () => Promise<void>): Promise<void> {
    turn = turn.then(act).catch((error: Error) => onProblem(error.message));
    return turn;
  }

  function track(promise: Promise<unknown>): void {
    inFlight.add(promise);
    void promise.then(() => inFlight.delete(promise));
  }

  function functionNamed(wanted: string): DeployedFunction {
    const all = [...lambda.functions.values()];
    const found =
      all.find(({ name }) => name === wanted) ?? all.find((one) => stageOf(one) === wanted);
    if (found) return found;
    throw new Error(`there is no function "${wanted}"`);
  }

  /** Looks after the answer to the call that caused it: a fault may first end its caller. */
  function lookSoon(): void {
    if (lookPending || stopped) return;
    lookPending = true;
    setImmediate(() => {
      lookPending = false;
      void takeTurn(look);
    });
  }

  async function look(): Promise<void> {
    if (stopped) return;
    await schedules.fireDue();
    for (const source of [...polling(), later]) {
      for (const work of await source.takeDue()) await start(work);
    }
  }

  /** Resolves when it has begun. */
  async function start({ deployed, event, invokedArn, ended }: Work): Promise<void> {
    const refusal = await refusalOf(deployed);
    const over = (refusal ? Promise.resolve(refusal) : run(deployed, event, invokedArn)).then(
      ended,
    );
    track(over.catch((error: Error) => onProblem(error.message)).then(lookSoon));
  }

  function run(
    deployed: DeployedFunction,
    event: unknown,
    invokedArn?: string,
  ): Promise<InvocationResult> {
    const end = account.take(deployed);
    if (!end) {
      measure.throttled(deployed, invokedArn);
      return Promise.resolve(throttled);
    }
    const ended = measure.begun(deployed, invokedArn);
    const running = invoker
      .invoke(deployed, event, invokedArn)
      .catch((error: Error) => {
        if (!stopped) onProblem(`${deployed.name}: ${error.message}`);
        return failed(error.name, error.message);
      })
      .then((result) => {
        ended(result);
        return result;
      })
      .finally(end);
    track(running);
    return running;
  }

  /** Lambda itself must be able to assume the role of a function, and with it to attach the function to its network. */
  async function refusalOf(deployed: DeployedFunction): Promise<InvocationResult | null> {
    const { name, network, roleArn } = deployed;
    if ((await rights.missingToRun(roleArn)).length > 0) {
      const message = `The role ${roleArn} of ${name} cannot be assumed by Lambda.`;
      return refused('AccessDeniedException', message);
    }
    const [action] = network ? await rights.missingToAttach(roleArn, deployed) : [];
    if (action === undefined) return null;
    return refused('EC2AccessDeniedException', `The role ${roleArn} of ${name} lacks ${action}.`);
  }

  function refused(error: string, message: string): InvocationResult {
    onProblem(message);
    return failed(error, message);
  }

  /** The time until throttled work is tried again; null where nothing was throttled. */
  function msToRetry(): number | null {
    const times = [...polling(), later].flatMap((source) => source.throttledUntilMs() ?? []);
    return times.length > 0 ? Math.min(...times) - clock.now().getTime() : null;
  }

  async function invoke(
    deployed: DeployedFunction,
    event: unknown,
    invokedArn?: string,
  ): Promise<InvocationResult> {
    return (await refusalOf(deployed)) ?? run(deployed, event, invokedArn);
  }

  async function invokeNamed(wanted: string, event: unknown): Promise<InvocationResult> {
    const [name = '', alias] = wanted.split(':');
    const deployed = functionNamed(name);
    if (!alias) return invoke(deployed, event);
    const invokedArn = `${deployed.arn}:${alias}`;
    if (!lambda.aliases.has(invokedArn)) throw new Error(`there is no alias ${invokedArn}`);
    return invoke(deployed, event, invokedArn);
  }

  function addLater(deployed: DeployedFunction, event: unknown, invokedArn?: string): void {
    later.add(deployed, event, invokedArn);
    lookSoon();
  }

  return {
    invoke: invokeNamed,
    invokeLater: (wanted, event) => addLater(functionNamed(wanted), event),
    startSchedules() {
      schedules.start();
      lookSoon();
    },
    async settle() {
      // Turns do not count as running: two callers of `settle` would otherwise wait for each other's.
      for (await takeTurn(look); ; await takeTurn(look)) {
        const waitMs = stopped ? null : msToRetry();
        if (inFlight.size > 0) await Promise.race(inFlight);
        else if (waitMs !== null) await clock.sleep(Math.max(waitMs, 0));
        else return;
      }
    },
    deadEvents: later.dead,
    stop() {
      stopped = true;
      if (looking) clearInterval(looking);
    },
  };
}
