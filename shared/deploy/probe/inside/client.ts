import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import type { InsideFunction } from './inside-probe.ts';

/** The function ends within 20 s (infra/probe-stack.ts); a start in a network takes some more. */
const answersWithinMs = 25 * secondMs;

/**
 * Invokes the function inside of a network, and waits for its answer. Lambda refuses while its network interfaces are being
 * made (ResourceConflictException: state Pending), and where the network has no address left
 * (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
 */
export function lambdaInside(options: ClientOptions, functionName: string): InsideFunction {
  // Verify asks again some seconds later, and deploy once before a change.
  const client = new LambdaClient({ ...options, maxAttempts: 2 });
  return {
    async ask(request) {
      const Payload = Buffer.from(JSON.stringify(request));
      const command = new InvokeCommand({ FunctionName: functionName, Payload });
      const abortSignal = AbortSignal.timeout(answersWithinMs);
      const { FunctionError, Payload: answer } = await client
        .send(command, { abortSignal })
        .catch((cause) => {
          throw failed(functionName, cause);
        });
      if (FunctionError !== undefined) {
        throw failed(functionName, new Error(`${FunctionError}: ${reasonIn(answer)}`));
      }
      return answer ?? new Uint8Array();
    },
  };
}

/** The end of our own run is no failure of the function. */
function failed(functionName: string, cause: unknown): unknown {
  if (deadlineSignal()?.aborted) return cause;
  const words = `${errorName(cause)}: ${errorMessage(cause)}`;
  const plain = words.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 300);
  return new CertkeepError('InsideProbeFailed', `${functionName}: ${plain}`, { cause });
}

/** Lambda's own words for a function that failed: its type, such as Sandbox.Timedout. */
function reasonIn(answer: Uint8Array | undefined): string {
  return Buffer.from(answer?.subarray(0, 300) ?? []).toString('utf8');
}
