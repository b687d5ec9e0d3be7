import { type Clock, systemClock } from '#shared/clock.ts';
import { functionArn, lambdaName } from './function-arn.ts';
import { type FunctionProcess, startFunctionProcess } from './function-process.ts';
import type { Invoker } from './invoker.ts';
import type { FunctionWiring } from './wiring-types.ts';

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

export type ProcessInvokerOptions = {
  readonly functions: readonly FunctionWiring[];
  /** Function name to its bundle, from `bundleFunctions`. */
  readonly bundles: ReadonlyMap<string, string>;
  readonly region: string;
  /** The function's own key, by which the AWS front knows who calls. */
  readonly credentialsOf: (functionName: string) => Credentials;
  readonly onLog: (functionName: string, line: string) => void;
  readonly clock?: Clock;
};

/**
 * Runs each function in processes of its own, one per concurrent invocation, kept warm between
 * invocations. A process that timed out, died or was killed is not used again.
 */
export function processInvoker(options: ProcessInvokerOptions): Invoker {
  const idle = new Map<string, FunctionProcess[]>();
  const busy = new Map<string, Set<FunctionProcess>>();
  const everyone = new Set<FunctionProcess>();
  let closed = false;

  async function start(wiring: FunctionWiring, bundle: string): Promise<FunctionProcess> {
    const started = await startFunctionProcess({
      bundle,
      functionArn: functionArn(options.region, wiring.name),
      timeoutMs: wiring.timeoutMs,
      environment: environmentOf(wiring, options),
      clock: options.clock ?? systemClock,
      onLog: (line) => options.onLog(wiring.name, line),
    });
    everyone.add(started);
    void started.gone.then(() => everyone.delete(started));
    // Closed while it started: it must not outlive the others.
    if (closed) started.kill();
    return started;
  }

  async function warmOrNew(wiring: FunctionWiring, bundle: string): Promise<FunctionProcess> {
    const waiting = idle.get(wiring.name) ?? [];
    for (let next = waiting.pop(); next; next = waiting.pop()) if (next.alive) return next;
    return start(wiring, bundle);
  }

  return {
    async invoke(functionName, event) {
      const wiring = options.functions.find(({ name }) => name === functionName);
      const bundle = options.bundles.get(functionName);
      if (!wiring || !bundle) throw new Error(`there is no function "${functionName}"`);
      if (closed) throw new Error('the runtime is closed');
      const process = await warmOrNew(wiring, bundle);
      const running = entryOf(busy, functionName, () => new Set<FunctionProcess>());
      running.add(process);
      const result = await process.run(event);
      running.delete(process);
      if (process.alive) entryOf(idle, functionName, () => []).push(process);
      return result;
    },
    kill(functionName) {
      for (const process of busy.get(functionName) ?? []) process.kill();
    },
    async close() {
      closed = true;
      for (const process of everyone) process.kill();
      await Promise.all([...everyone].map(({ gone }) => gone));
    },
  };
}

/**
 * What Lambda provides, and the wiring's own. Nothing of our environment reaches the function.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
function environmentOf(wiring: FunctionWiring, options: ProcessInvokerOptions) {
  const { accessKeyId, secretAccessKey } = options.credentialsOf(wiring.name);
  return {
    ...wiring.environment,
    AWS_LAMBDA_FUNCTION_NAME: lambdaName(wiring.name),
    AWS_REGION: options.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    TZ: 'UTC',
    PATH: '/usr/local/bin:/usr/bin:/bin',
  };
}

function entryOf<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}
