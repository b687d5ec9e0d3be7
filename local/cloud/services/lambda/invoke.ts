import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import type { InvocationError, InvocationResult } from '../../runtime/invocation-result.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';
import { invokedAt } from './functions.ts';
import type { LambdaState, Runner } from './state.ts';

/** Invoke: 6 MB for synchronous payloads, 1 MB for asynchronous ones. */
const largestPayloadBytes = { RequestResponse: 6 * 1_048_576, Event: 1_048_576 };

export async function invoke(state: LambdaState, input: InvokeCommandInput, call: Call) {
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

function refuseMembers(input: InvokeCommandInput): void {
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
