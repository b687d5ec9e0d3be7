import type * as Lambda from '@aws-sdk/client-lambda';
import { AwsError, type Call, type Operations } from '#local/wire/service.ts';
import { functionArn, lambdaName } from '../runtime/function-arn.ts';
import type { InvocationResult } from '../runtime/invoker.ts';
import type { FunctionWiring } from '../runtime/wiring-types.ts';

/** Invoke: 6 MB for synchronous payloads, 1 MB for asynchronous ones. */
const largestPayloadBytes = { RequestResponse: 6 * 1_048_576, Event: 1_048_576 };

/** Lambda's API over the functions of the runtime, so that a person can invoke them with the aws command line. */
export function lambda(options: {
  readonly region: string;
  readonly functions: readonly FunctionWiring[];
  readonly invoke: (functionName: string, event: unknown) => Promise<InvocationResult>;
  readonly invokeLater: (functionName: string, event: unknown) => void;
}): { readonly operations: Operations } {
  function functionAt(nameOrArn: string | undefined, call: Call): FunctionWiring {
    // A name, a partial ARN (`000000000000:function:certkeep-check`) or a whole one, each perhaps with $LATEST.
    const name = (nameOrArn ?? '')
      .replace(/:\$LATEST$/, '')
      .split(':')
      .at(-1);
    const found = options.functions.find((one) => lambdaName(one.name) === name);
    if (found && call.region === options.region) return found;
    const arn = `arn:aws:lambda:${call.region}:${call.account}:function:${name}`;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  }

  async function invoke(input: Lambda.InvokeCommandInput, call: Call) {
    refuseMembers(input);
    const wiring = functionAt(input.FunctionName, call);
    const type = input.InvocationType ?? 'RequestResponse';
    if (type === 'DryRun') return { StatusCode: 204 };
    const event = parsed(input.Payload as Uint8Array | undefined, largestPayloadBytes[type]);
    if (type === 'Event') {
      options.invokeLater(wiring.name, event);
      return { StatusCode: 202 };
    }
    const result = await options.invoke(wiring.name, event);
    return { StatusCode: 200, ExecutedVersion: '$LATEST', ...answered(result) };
  }

  return {
    operations: {
      Invoke: invoke,
      ListFunctions(input: Lambda.ListFunctionsCommandInput, call: Call) {
        const member = Object.entries(input).find(([, value]) => value !== undefined)?.[0];
        if (member) throw notImplemented('ListFunctions', member);
        if (call.region !== options.region) return { Functions: [] };
        return { Functions: options.functions.map((wiring) => described(wiring, call.region)) };
      },
    },
  };
}

function refuseMembers(input: Lambda.InvokeCommandInput): void {
  if (input.LogType === 'Tail') throw notImplemented('Invoke', 'LogType Tail');
  if (input.Qualifier && input.Qualifier !== '$LATEST') throw notImplemented('Invoke', 'Qualifier');
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

function described(wiring: FunctionWiring, region: string): Lambda.FunctionConfiguration {
  return {
    FunctionName: lambdaName(wiring.name),
    FunctionArn: functionArn(region, wiring.name),
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    PackageType: 'Zip',
    Version: '$LATEST',
    Timeout: Math.ceil(wiring.timeoutMs / 1_000),
    Environment: { Variables: { ...wiring.environment } },
  };
}

function notImplemented(operation: string, member: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `local: ${operation} with ${member} is not implemented`,
    501,
  );
}
