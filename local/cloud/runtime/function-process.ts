import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { addMs, type Clock, secondMs } from '../clock.ts';
import type { InvocationResult } from './invocation-result.ts';
import { exited, timedOut } from './invoker.ts';
import { startRuntimeApi } from './runtime-api.ts';

/** One execution environment: a process that runs invocations one after the other. */
export type FunctionProcess = {
  run(event: unknown, invokedArn: string): Promise<InvocationResult>;
  kill(): void;
  readonly alive: boolean;
  /** The id of its present or last invocation. */
  requestId(): string | null;
  /** Resolves when the process has exited and its last line of output was reported. */
  readonly gone: Promise<void>;
};

export type FunctionProcessOptions = {
  readonly bundle: string;
  readonly timeoutMs: number;
  /** The whole environment of the process, except the address of its runtime API. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly onLog: (line: string) => void;
};

/** Lambda User Guide, "Init phase": initialization has its own 10 seconds. */
const initLimitMs = 10 * secondMs;

const bootstrap = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));

export async function startFunctionProcess(
  options: FunctionProcessOptions,
): Promise<FunctionProcess> {
  const { bundle, clock, timeoutMs } = options;
  const api = await startRuntimeApi();
  const child = spawn(process.execPath, [bootstrap, bundle], {
    cwd: dirname(bundle),
    env: { ...options.environment, AWS_LAMBDA_RUNTIME_API: api.address },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', options.onLog);
  }
  let alive = true;
  let requestId: string | null = null;
  const ended = once(child, 'exit').then(
    ([code, signal]) =>
      signal ? `signal: ${signal === 'SIGKILL' ? 'killed' : signal}` : `exit status ${code}`,
    (error: Error) => error.message,
  );
  const gone = once(child, 'close').then(
    () => undefined,
    () => undefined,
  );
  void ended.then(() => {
    alive = false;
    api.close();
  });

  function kill(): void {
    alive = false;
    child.kill('SIGKILL');
  }

  /** The function's time begins when the process takes the work, so a slow start does not use it up. */
  async function afterTimeout(taken: Promise<void>, over: AbortSignal): Promise<void> {
    await Promise.race([taken, clock.sleep(initLimitMs, over)]);
    await clock.sleep(timeoutMs, over);
  }

  async function run(event: unknown, functionArn: string): Promise<InvocationResult> {
    const run = randomUUID();
    requestId = run;
    const over = new AbortController();
    const taken = Promise.withResolvers<void>();
    const assigned = api.assign({
      requestId: run,
      functionArn,
      event,
      deadline: () => {
        taken.resolve();
        return addMs(clock.now(), timeoutMs);
      },
    });
    const late = afterTimeout(taken.promise, over.signal).then(() => timedOut(run, timeoutMs));
    const dead = ended.then((how) => exited(run, how));
    const result = await Promise.race([assigned, dead, late]);
    // The process is free only when it asks for more: after a fatal error it is about to exit.
    await Promise.race([api.asks(), ended, late]);
    over.abort();
    if (!api.asking()) kill();
    return result;
  }

  return {
    run,
    kill,
    requestId: () => requestId,
    get alive() {
      return alive;
    },
    gone,
  };
}
