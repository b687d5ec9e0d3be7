import type { Clock } from '#shared/clock.ts';
import type { EventBridgeState } from '../services/eventbridge.ts';
import type { Queue } from '../services/sqs/queue.ts';
import { asyncInvocations, type DeadEvent } from './async-invocations.ts';
import { installEventRules } from './event-rules.ts';
import { failed, type InvocationResult, type Invoker } from './invoker.ts';
import { queueSource } from './queue-source.ts';
import { rateSchedules } from './schedules.ts';
import type { FunctionWiring, Wiring } from './wiring-types.ts';
import type { Work } from './work.ts';

export type Dispatcher = {
  /** A synchronous invocation; `settle` waits for it too. */
  invoke(functionName: string, event: unknown): Promise<InvocationResult>;
  /** An asynchronous invocation: retried, and in the end among the dead events. */
  invokeLater(functionName: string, event: unknown): void;
  startSchedules(): void;
  /** Resolves when nothing runs and nothing could be delivered at this time of the clock. */
  settle(): Promise<void>;
  readonly deadEvents: readonly DeadEvent[];
  /** Starts nothing more; what runs is the invoker's to end. */
  stop(): void;
};

export type DispatcherOptions = {
  readonly wiring: Wiring;
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly region: string;
  /** The queue of that name in the home region. */
  readonly queue: (name: string) => Queue | null;
  readonly events: EventBridgeState;
  readonly asyncRetryDelaysMs?: readonly number[];
  /**
   * How often, in real time, to look for what became due by the mere passing of time: visibility,
   * delays, retries, schedules. Null for tests that call `settle` after moving their clock.
   */
  readonly lookEveryMs?: number | null;
  /** Told of every invocation before it starts, so that a test can deliver the same event twice. */
  readonly onDelivery?: (functionName: string, event: unknown) => void;
  /** Told how every invocation ended. */
  readonly onEnd?: (functionName: string, result: InvocationResult) => void;
  /** What a person should see and no function can tell: an unknown function, a message that outlived its run. */
  readonly onProblem?: (problem: string) => void;
};

/** Connects what the wiring says to what runs the functions: queues, schedules, event rules and invocations. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { clock, invoker, wiring, lookEveryMs = 100 } = options;
  const onProblem = options.onProblem ?? ((problem: string) => process.emitWarning(problem));
  for (const started of [...wiring.queueSources, ...wiring.schedules, ...wiring.eventRules]) {
    wiringOf(started.function);
  }
  const inFlight = new Set<Promise<unknown>>();
  const later = asyncInvocations({
    clock,
    ...(options.asyncRetryDelaysMs ? { retryDelaysMs: options.asyncRetryDelaysMs } : {}),
  });
  const schedules = rateSchedules({ clock, schedules: wiring.schedules, invoke: later.add });
  const sources = [...wiring.queueSources.map(sourceOf), later];
  installEventRules({
    wiring,
    events: options.events,
    region: options.region,
    invoke: invokeLater,
  });
  let stopped = false;
  let lookPending = false;
  const looking = lookEveryMs === null ? null : setInterval(look, lookEveryMs).unref();

  function sourceOf(source: Wiring['queueSources'][number]) {
    const queue = options.queue(source.queue);
    if (!queue) throw new Error(`there is no queue "${source.queue}"`);
    const { timeoutMs } = wiringOf(source.function);
    queue.onArrival(lookSoon);
    return queueSource({
      queue,
      functionName: source.function,
      functionTimeoutMs: timeoutMs,
      maxConcurrency: source.maxConcurrency,
      onProblem,
    });
  }

  function wiringOf(functionName: string): FunctionWiring {
    const found = wiring.functions.find(({ name }) => name === functionName);
    if (!found) throw new Error(`there is no function "${functionName}"`);
    return found;
  }

  /** After the call that caused it was answered: a fault may end its caller first. */
  function lookSoon(): void {
    if (lookPending) return;
    lookPending = true;
    setImmediate(() => {
      lookPending = false;
      look();
    });
  }

  function look(): void {
    if (stopped) return;
    schedules.fireDue();
    for (const source of sources) for (const work of source.takeDue()) start(work);
  }

  function start(work: Work): void {
    void run(work.functionName, work.event).then((result) => {
      work.ended(result);
      lookSoon();
    });
  }

  function run(functionName: string, event: unknown): Promise<InvocationResult> {
    options.onDelivery?.(functionName, event);
    const running = invoker.invoke(functionName, event).catch((error: Error) => {
      if (!stopped) onProblem(`${functionName}: ${error.message}`);
      return failed(error.name, error.message);
    });
    const told = running.then((result) => {
      options.onEnd?.(functionName, result);
      return result;
    });
    inFlight.add(told);
    void told.then(() => inFlight.delete(told));
    return told;
  }

  function invokeLater(functionName: string, event: unknown): void {
    later.add(functionName, event);
    lookSoon();
  }

  return {
    invoke: run,
    invokeLater,
    startSchedules() {
      schedules.start();
      lookSoon();
    },
    async settle() {
      for (look(); inFlight.size > 0; look()) await Promise.race(inFlight);
    },
    deadEvents: later.dead,
    stop() {
      stopped = true;
      if (looking) clearInterval(looking);
    },
  };
}
