import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import type { FunctionRights } from '../iam/function-rights.ts';
import { type DeployedFunction, stageOf } from '../services/lambda/state.ts';
import type { Logs } from '../services/logs/service.ts';
import { arnOf } from '../wire/arn.ts';
import type { RoleKey } from './credentials.ts';
import { type FunctionProcess, startFunctionProcess } from './function-process.ts';
import type { Invoker } from './invoker.ts';
import { everyRight } from './rights.ts';

export type ProcessInvokerOptions = {
  /** A key of the function's role, from which the AWS front knows the caller. */
  readonly keyOf: (deployed: DeployedFunction) => RoleKey;
  /** The variables with which a function finds this cloud instead of AWS. */
  readonly cloudEnvironment: Readonly<Record<string, string>>;
  /** Variables that replace others for a function with a network of its own, such as the DNS in there. */
  readonly insideEnvironment?: Readonly<Record<string, string>>;
  readonly onLog: (deployed: DeployedFunction, line: string) => void;
  /** The log groups of the functions. */
  readonly logs?: Pick<Logs, 'write'>;
  readonly rights?: FunctionRights;
  readonly clock?: Clock;
};

type Environment = {
  readonly deployed: DeployedFunction;
  readonly process: FunctionProcess;
};

/**
 * Runs each function in separate processes, one per concurrent invocation, kept warm between invocations. A process is not
 * reused after a timeout, an exit, a kill or a new deployment of its function.
 */
export function processInvoker(options: ProcessInvokerOptions): Invoker {
  const { clock = systemClock, rights = everyRight } = options;
  const idle = new Map<string, Environment[]>();
  const busy = new Set<Environment>();
  const everyone = new Set<FunctionProcess>();
  let closed = false;

  /** A function's output reaches its log group with the rights of its own role. */
  async function mayLog(deployed: DeployedFunction): Promise<boolean> {
    const group = arnOf('logs', deployed, `log-group:${deployed.logGroup}`);
    return (await rights.missingToLog(deployed.roleArn, group, 'local')).length === 0;
  }

  async function start(deployed: DeployedFunction): Promise<Environment> {
    const isLogged = await mayLog(deployed);
    const stream = streamName(clock.now());
    const process = await startFunctionProcess({
      bundle: join(deployed.codeDirectory, 'index.mjs'),
      timeoutMs: deployed.timeoutMs,
      environment: environmentOf(deployed, stream, options),
      clock,
      onLog: (line) => {
        if (!isLogged) return;
        options.logs?.write(deployed, { group: deployed.logGroup, stream }, line);
        options.onLog(deployed, line);
      },
    });
    everyone.add(process);
    void process.gone.then(() => everyone.delete(process));
    // The invoker was closed during the start, so this process must end too.
    if (closed) process.kill();
    return { deployed, process };
  }

  async function warmOrNew(deployed: DeployedFunction): Promise<Environment> {
    const waiting = idle.get(deployed.arn) ?? [];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (next.process.alive && next.deployed === deployed) return next;
      next.process.kill();
    }
    return start(deployed);
  }

  return {
    async invoke(deployed, event, invokedArn = deployed.arn) {
      if (closed) throw new Error('the runtime is closed');
      const environment = await warmOrNew(deployed);
      busy.add(environment);
      const result = await environment.process.run(event, invokedArn);
      busy.delete(environment);
      if (environment.process.alive) {
        idle.set(deployed.arn, [...(idle.get(deployed.arn) ?? []), environment]);
      }
      return result;
    },
    kill(stage) {
      for (const { deployed, process } of busy) if (stageOf(deployed) === stage) process.kill();
    },
    killRun(requestId) {
      for (const { process } of busy) if (process.requestId() === requestId) process.kill();
    },
    async close() {
      closed = true;
      for (const process of everyone) process.kill();
      await Promise.all([...everyone].map(({ gone }) => gone));
    },
  };
}

/** One stream for each process: `2026/11/22/[$LATEST]0a1b…`. */
function streamName(now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
}

/**
 * The deployed variables, those that Lambda sets, and those that lead to this cloud. Nothing of our own environment reaches
 * the function. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
function environmentOf(deployed: DeployedFunction, stream: string, options: ProcessInvokerOptions) {
  const { accessKeyId, secretAccessKey, sessionToken } = options.keyOf(deployed);
  return {
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
    ...options.cloudEnvironment,
    ...(deployed.network && options.insideEnvironment),
    ...deployed.environment,
    _HANDLER: 'index.handler',
    AWS_REGION: deployed.region,
    AWS_DEFAULT_REGION: deployed.region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: deployed.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(deployed.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: deployed.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    LAMBDA_TASK_ROOT: deployed.codeDirectory,
  };
}
