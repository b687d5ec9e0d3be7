import * as module from '@aws-sdk/client-lambda';
import type { Call, Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { supportOnly } from '../../wire/supported.ts';
import type { Queue } from '../sqs/queue.ts';
import { invokedAt } from './functions.ts';
import { invoke } from './invoke.ts';
import type { LambdaState } from './state.ts';
import { describedFunction } from './views.ts';

export type Lambda = LambdaState & { readonly operations: Operations };

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
      // No function here has reserved concurrency.
      GetAccountSettings: () => ({
        AccountLimit: {
          ConcurrentExecutions: newAccountExecutions,
          UnreservedConcurrentExecutions: newAccountExecutions,
        },
      }),
      GetFunctionConfiguration: (input: module.GetFunctionConfigurationCommandInput, call: Call) =>
        describedFunction(invokedAt(state, input, call).deployed),
      ListFunctions: (input: module.ListFunctionsCommandInput, call: Call) =>
        listFunctions(state, input, call),
    },
  });
}

function listFunctions(state: LambdaState, input: module.ListFunctionsCommandInput, call: Call) {
  supportOnly('ListFunctions', input, []);
  const own = [...state.functions.values()].filter(
    ({ account, region }) => account === call.account && region === call.region,
  );
  return { Functions: own.map(describedFunction) };
}

export function lambdaService({ operations }: Lambda): RunningService {
  return serviceOf('lambda', module, module.LambdaClient, operations);
}
