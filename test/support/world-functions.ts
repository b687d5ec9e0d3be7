import { Agent } from 'node:http';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { FunctionRights } from 'local-cloud/iam/function-rights.ts';
import type { RoleKey } from 'local-cloud/runtime/credentials.ts';
import type { LocalContext, LocalHandler } from 'local-cloud/runtime/in-process-invoker.ts';
import { type DeployedFunction, stageOf } from 'local-cloud/services/lambda/state.ts';
import { arnOf } from 'local-cloud/wire/arn.ts';
import type * as z from 'zod/mini';
import { composeAlert } from '#functions/alert.ts';
import { composeChallenge } from '#functions/challenge.ts';
import { composeCheck } from '#functions/check.ts';
import { composeDeploy } from '#functions/deploy.ts';
import { readEnvironment } from '#functions/environment.ts';
import {
  balancerRequest,
  checkEvent,
  hintEvent,
  issueEvent,
  placeMessage,
  syncEvent,
  verifyEvent,
} from '#functions/events.ts';
import { layFoundation } from '#functions/foundation.ts';
import type { Around, Compose, Run } from '#functions/handler.ts';
import { composeInside } from '#functions/inside.ts';
import { composeIssue } from '#functions/issue.ts';
import { composeSync } from '#functions/sync.ts';
import { composeVerify } from '#functions/verify.ts';
import { insideRequest } from '#shared/deploy/probe/inside/messages.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import type { Log } from '#shared/log.ts';
import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';
import { withinDeadline } from '#shared/time/deadline.ts';

// biome-ignore lint/suspicious/noExplicitAny: each function has its own event; the schema beside it ties them
type Composed = { readonly schema: z.ZodMiniType; readonly compose: Compose<any> };

type ComposePlain = (around: Around) => Run<unknown>;

/** What stands beside the path, and on no foundation. */
const plain = new Map<string, { readonly schema: z.ZodMiniType; readonly compose: ComposePlain }>([
  ['challenge', { schema: balancerRequest, compose: composeChallenge as ComposePlain }],
  ['inside', { schema: insideRequest, compose: composeInside as ComposePlain }],
]);

export const stages: Readonly<Record<string, Composed>> = {
  check: { schema: checkEvent, compose: composeCheck },
  issue: { schema: issueEvent, compose: composeIssue },
  deploy: { schema: placeMessage, compose: composeDeploy },
  verify: { schema: verifyEvent, compose: composeVerify },
  sync: { schema: syncEvent, compose: composeSync },
  alert: { schema: hintEvent, compose: composeAlert },
};

export type FunctionsOptions = {
  readonly clock: Clock;
  readonly log: Log;
  readonly rights: FunctionRights;
  /** Where this cloud and its DNS are. */
  readonly endpoint: string;
  readonly resolver: string;
  /** The DNS of functions with a network of their own. */
  readonly insideResolver: string;
  readonly keyOf: (deployed: DeployedFunction) => RoleKey;
  /** Sends the calls of a container one after the other, and ends in time. */
  readonly orderly?: boolean;
  /** Ends a run before the platform does. The clock has to wait for all I/O. */
  readonly endsInTime?: boolean;
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
  /** Ends the outside calls of the present run. */
  ending: AbortController;
};

/** Outside calls end before the platform ends the run (functions/handler.ts). */
const marginMs = 2 * secondMs;

/** The functions of certkeep, composed as on Lambda, for the in-process invoker. */
export function worldFunctions(
  options: FunctionsOptions,
): (deployed: DeployedFunction) => LocalHandler {
  const { clock, orderly = false } = options;
  const { endsInTime = orderly } = options;
  const shared = new NodeHttpHandler({});
  /** Warm containers; those of a function that is deployed anew are not used again. */
  const waiting = new WeakMap<DeployedFunction, Container[]>();

  function open(deployed: DeployedFunction, context: LocalContext): Container {
    const container: Container = {
      context,
      run: async () => undefined,
      thawing: null,
      wasFrozen: false,
      ending: new AbortController(),
    };
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
    const around = (log: Log) => ({
      variables: {
        ...deployed.environment,
        AWS_REGION: deployed.region,
        CERTKEEP_RESOLVER: deployed.network ? options.insideResolver : options.resolver,
      },
      clock: { now: clock.now, sleep: sleepIn(container, clock, endsInTime) },
      log,
      clientSettings: {
        endpoint: options.endpoint,
        credentials: options.keyOf(deployed),
        requestHandler: orderly ? new NodeHttpHandler({ httpAgent }) : shared,
        before: () => alive(container),
      },
    });
    container.run = async (event, invocation) => {
      const run = await composed(stageOf(deployed), around(await logOf(deployed)));
      // A container that could not be composed tries again.
      container.run = run;
      return run(event, invocation);
    };
    return container;
  }

  /** What a function logs is lost where its role may not write it to its log group. */
  async function logOf(deployed: DeployedFunction): Promise<Log> {
    const group = arnOf('logs', deployed, `log-group:${deployed.logGroup}`);
    const missing = await options.rights.missingToLog(deployed.roleArn, group, 'local');
    const nowhere = () => undefined;
    return missing.length === 0 ? options.log : { info: nowhere, warn: nowhere, error: nowhere };
  }

  return (deployed) => {
    const name = stageOf(deployed);
    const idle = waiting.get(deployed) ?? [];
    waiting.set(deployed, idle);
    return async (input, context) => {
      const event = schemaOf(name).parse(input);
      const { requestId } = context;
      const deadline = addMs(clock.now(), context.getRemainingTimeInMillis());
      const container = idle.pop() ?? open(deployed, context);
      container.context = context;
      const started = { functionName: name, delivered: input, event, requestId, deadline };
      options.onStart?.({ ...started, ...ice(container) });
      const over = new AbortController();
      const ending = new AbortController();
      container.ending = ending;
      const signal = endsInTime
        ? signalBefore(context, over.signal)
        : AbortSignal.any([ending.signal, context.died]);
      try {
        return await withinDeadline(signal, async () =>
          container.run(event, { id: requestId, deadline, invokedArn: context.invokedFunctionArn }),
        );
      } finally {
        over.abort();
        if (!context.isDead() && !container.wasFrozen) idle.push(container);
      }
    };
  };
}

function schemaOf(name: string): z.ZodMiniType {
  return plain.get(name)?.schema ?? (stages[name] as Composed).schema;
}

async function composed(name: string, around: Around): Promise<Run<unknown>> {
  const beside = plain.get(name);
  if (beside) return beside.compose(around);
  const { variables, ...rest } = around;
  const { compose } = stages[name] as Composed;
  return compose(
    await layFoundation({ ...rest, environment: readEnvironment(variables) }, name as Writer),
  );
}

/** Aborts shortly before the platform ends the run. Sleeping for it takes a clock that waits for all I/O. */
function signalBefore(context: LocalContext, over: AbortSignal): AbortSignal {
  const ending = new AbortController();
  const leftMs = context.getRemainingTimeInMillis();
  void (async () => {
    await context.clock.sleep(leftMs - marginMs, over);
    ending.abort(endsSoon());
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

/** Where nothing watches the time, it is the sleep over the end of a run that ends its calls. */
function sleepIn(container: Container, clock: Clock, isWatched: boolean): Clock['sleep'] {
  return async (ms, signal) => {
    await container.thawing?.promise;
    const { context, ending } = container;
    const leftMs = Math.max(0, context.getRemainingTimeInMillis() - marginMs);
    const isLast = !isWatched && !container.wasFrozen && ms > leftMs;
    await (container.wasFrozen ? clock : context.clock).sleep(isLast ? leftMs : ms, signal);
    await container.thawing?.promise;
    if (!isLast) return;
    ending.abort(endsSoon());
    throw ending.signal.reason;
  };
}

function endsSoon(): DOMException {
  return new DOMException('the run ends soon', 'TimeoutError');
}
