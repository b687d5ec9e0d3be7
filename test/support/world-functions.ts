import { Agent } from 'node:http';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type * as z from 'zod/mini';
import { composeAlert } from '#functions/compose/alert.ts';
import { composeCheck } from '#functions/compose/check.ts';
import { composeDeploy } from '#functions/compose/deploy.ts';
import { composeIssue } from '#functions/compose/issue.ts';
import { composeSync } from '#functions/compose/sync.ts';
import { composeVerify } from '#functions/compose/verify.ts';
import { readEnvironment } from '#functions/environment.ts';
import {
  busEvent,
  certificateMessage,
  checkEvent,
  placeMessage,
  verifyEvent,
} from '#functions/events.ts';
import { layFoundation } from '#functions/foundation.ts';
import type { Compose, Run } from '#functions/handler.ts';
import type { LocalContext, LocalHandler } from '#local/runtime/in-process-invoker.ts';
import { addMs, type Clock, secondMs } from '#shared/clock.ts';
import { withinDeadline } from '#shared/deadline.ts';
import type { Log } from '#shared/log.ts';

// biome-ignore lint/suspicious/noExplicitAny: each function has its own event; the schema beside it ties them
type Composed = { readonly schema: z.ZodMiniType; readonly compose: Compose<any> };

export const stages: Readonly<Record<string, Composed>> = {
  check: { schema: checkEvent, compose: composeCheck },
  issue: { schema: certificateMessage, compose: composeIssue },
  deploy: { schema: placeMessage, compose: composeDeploy },
  verify: { schema: verifyEvent, compose: composeVerify },
  sync: { schema: busEvent, compose: composeSync },
  alert: { schema: busEvent, compose: composeAlert },
};

export type FunctionsOptions = {
  readonly clock: Clock;
  readonly log: Log;
  readonly endpoint: string;
  /** Of a function; asked anew for each container. */
  readonly environment: (functionName: string) => Readonly<Record<string, string>>;
  /** Keeps containers warm, as Lambda does, and sends their calls one after the other. */
  readonly warm?: boolean;
  readonly onStart?: (started: StartedRun) => void;
};

/** One run as it begins; its container can be frozen and thawed. */
export type StartedRun = {
  readonly functionName: string;
  /** As it was delivered, and as the function reads it. */
  readonly delivered: unknown;
  readonly event: unknown;
  readonly requestId: string;
  readonly deadline: Date;
  /** Stops the run where it is. What it did after being thawed, past its deadline or not, is its own doing. */
  freeze(): void;
  thaw(): void;
};

/** One execution environment: what is composed once and serves one run after the other. */
type Container = {
  context: LocalContext;
  run: Run<unknown>;
  thawing: PromiseWithResolvers<void> | null;
  wasFrozen: boolean;
};

/** Outside calls end before the platform ends the run (functions/handler.ts). */
const marginMs = 2 * secondMs;

export function keyOf(functionName: string): string {
  return `AKIALOCAL${functionName.toUpperCase()}`;
}

/** The functions of certkeep, composed as on Lambda, for the in-process invoker. */
export function worldFunctions(options: FunctionsOptions): (name: string) => LocalHandler {
  const { clock, warm = false } = options;
  const shared = new NodeHttpHandler({});

  function open(name: string, context: LocalContext): Container {
    const container: Container = {
      context,
      run: async () => undefined,
      thawing: null,
      wasFrozen: false,
    };
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
    const surroundings = () => ({
      environment: readEnvironment({ ...options.environment(name) }),
      clock: { now: clock.now, sleep: sleepIn(container, clock) },
      log: options.log,
      clientSettings: {
        endpoint: options.endpoint,
        credentials: { accessKeyId: keyOf(name), secretAccessKey: 'local' },
        requestHandler: warm ? new NodeHttpHandler({ httpAgent }) : shared,
        before: () => alive(container),
      },
    });
    container.run = async (event, invocation) => {
      const { compose } = stages[name] as Composed;
      const run = compose(await layFoundation(surroundings()));
      // A container that could not be composed tries again.
      container.run = run;
      return run(event, invocation);
    };
    return container;
  }

  return (name) => {
    const idle: Container[] = [];
    return async (input, context) => {
      const event = (stages[name] as Composed).schema.parse(input);
      const { requestId } = context;
      const deadline = addMs(clock.now(), context.getRemainingTimeInMillis());
      const container = idle.pop() ?? open(name, context);
      container.context = context;
      const started = { functionName: name, delivered: input, event, requestId, deadline };
      options.onStart?.({ ...started, ...ice(container) });
      const over = new AbortController();
      const signal = warm ? signalBefore(context, over.signal) : context.died;
      try {
        return await withinDeadline(signal, async () =>
          container.run(event, { id: requestId, deadline }),
        );
      } finally {
        over.abort();
        if (warm && !context.isDead() && !container.wasFrozen) idle.push(container);
      }
    };
  };
}

/** Aborts shortly before the platform ends the run. Sleeping for it takes a clock that waits for all I/O. */
function signalBefore(context: LocalContext, over: AbortSignal): AbortSignal {
  const ending = new AbortController();
  const leftMs = context.getRemainingTimeInMillis();
  void (async () => {
    await context.clock.sleep(leftMs - marginMs, over);
    ending.abort(new DOMException('the run ends soon', 'TimeoutError'));
    await context.clock.sleep(marginMs, over);
  })().catch(() => undefined);
  return AbortSignal.any([ending.signal, context.died]);
}

function ice(container: Container): Pick<StartedRun, 'freeze' | 'thaw'> {
  return {
    freeze() {
      container.thawing = Promise.withResolvers();
      container.wasFrozen = true;
    },
    thaw() {
      container.thawing?.resolve();
      container.thawing = null;
    },
  };
}

/** Nobody can stop code in our own process: the dead wait for ever at their next call, the frozen until thawed. */
async function alive(container: Container): Promise<void> {
  await container.thawing?.promise;
  if (container.context.isDead() && !container.wasFrozen) await new Promise<never>(() => undefined);
}

function sleepIn(container: Container, clock: Clock): Clock['sleep'] {
  return async (ms, signal) => {
    await container.thawing?.promise;
    const { context } = container;
    await (container.wasFrozen ? clock : context.clock).sleep(ms, signal);
    await container.thawing?.promise;
  };
}
