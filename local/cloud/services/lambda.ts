import * as module from '@aws-sdk/client-lambda';
import type { InvocationError, InvocationResult } from '../runtime/invocation-result.ts';
import { AwsError, type Call, type Operations } from '../wire/service.ts';
import { type RunningService, serviceOf } from '../wire/service-of.ts';
import { invokedAt } from './lambda/functions.ts';
import type { DeployedFunction, LambdaState, Runner } from './lambda/state.ts';
import { notImplemented } from './not-implemented.ts';
import type { Queue } from './sqs/queue.ts';

export type Lambda = LambdaState & { readonly operations: Operations };

/** Invoke: 6 MB for synchronous payloads, 1 MB for asynchronous ones. */
const largestPayloadBytes = { RequestResponse: 6 * 1_048_576, Event: 1_048_576 };

/** The executions of a new account (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const newAccountExecutions = 10;

/** The deployed functions, and the part of Lambda's API that a person uses. */
export function lambda({ queue }: { readonly queue: (arn: string) => Queue | null }): Lambda {
  const state: LambdaState = {
    functions: new Map(),
    aliases: new Map(),
    mappings: new Map(),
    invokeConfigs: new Map(),
    queue,
    runner: null,
  };
  return Object.assign(state, {
    operations: {
      Invoke: (input: module.InvokeCommandInput, call: Call) => invoke(state, input, call),
      GetAccountSettings: () => ({ AccountLimit: { ConcurrentExecutions: newAccountExecutions } }),
      ListFunctions(input: module.ListFunctionsCommandInput, call: Call) {
        const member = Object.entries(input).find(([, value]) => value !== undefined)?.[0];
        if (member) throw notImplemented('ListFunctions', member);
        const own = [...state.functions.values()].filter(
          ({ account, region }) => account === call.account && region === call.region,
        );
        return { Functions: own.map(described) };
      },
    },
  });
}

export function lambdaService({ operations }: Lambda): RunningService {
  return serviceOf('lambda', module, module.LambdaClient, operations);
}

async function invoke(state: LambdaState, input: module.InvokeCommandInput, call: Call) {
  refuseMembers(input);
  const { deployed, invokedArn } = invokedAt(state, input, call);
  const type = input.InvocationType ?? 'RequestResponse';
  if (type === 'DryRun') return { StatusCode: 204 };
  const event = parsed(input.Payload as Uint8Array | undefined, largestPayloadBytes[type]);
  const runner = runnerOf(state);
  if (type === 'Event') {
    runner.invokeLater(deployed, event, invokedArn);
    return { StatusCode: 202 };
  }
  const result = await runner.invoke(deployed, event, invokedArn);
  if (!result.ok && result.isThrottled) throw tooManyRequests(result.error);
  return { StatusCode: 200, ExecutedVersion: '$LATEST', ...answered(result) };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: 429, with the seconds until the next try. */
function tooManyRequests({ message, name }: InvocationError): AwsError {
  return new AwsError(name, message, 429, { 'retry-after': '1' });
}

function runnerOf({ runner }: LambdaState): Runner {
  if (runner) return runner;
  throw new AwsError('ServiceException', 'local: nothing runs the functions', 500);
}

function refuseMembers(input: module.InvokeCommandInput): void {
  if (input.LogType === 'Tail') throw notImplemented('Invoke', 'LogType Tail');
  for (const member of ['ClientContext', 'DurableExecutionName', 'TenantId'] as const) {
    if (input[member]) throw notImplemented('Invoke', member);
  }
}

function parsed(payload: Uint8Array | undefined, limit: number): unknown {
  if (!payload || payload.byteLength === 0) return {};
  if (payload.byteLength > limit) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      413,
    );
  }
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
}

function answered(result: InvocationResult) {
  if (result.ok) return { Payload: Buffer.from(JSON.stringify(result.payload)) };
  const { name, message } = result.error;
  return {
    FunctionError: 'Unhandled',
    Payload: Buffer.from(JSON.stringify({ errorType: name, errorMessage: message })),
  };
}

function described(deployed: DeployedFunction): module.FunctionConfiguration {
  return {
    FunctionName: deployed.name,
    FunctionArn: deployed.arn,
    Role: deployed.roleArn,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    PackageType: 'Zip',
    Version: '$LATEST',
    Architectures: [deployed.architecture],
    MemorySize: deployed.memoryMb,
    Timeout: Math.ceil(deployed.timeoutMs / 1_000),
    Environment: { Variables: { ...deployed.environment } },
    LoggingConfig: { LogGroup: deployed.logGroup },
  };
}
