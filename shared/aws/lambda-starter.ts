import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { FunctionStarter, Work } from '#shared/work.ts';

/**
 * Starts functions asynchronously, so that Lambda keeps the event while no execution is free.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export function lambdaStarter(options: {
  readonly client: LambdaClient;
  readonly functionNames: Readonly<Record<Work['kind'], string>>;
}): FunctionStarter {
  return {
    async start(work) {
      await options.client.send(
        new InvokeCommand({
          FunctionName: options.functionNames[work.kind],
          InvocationType: 'Event',
          Payload: Buffer.from(JSON.stringify(work)),
        }),
      );
    },
  };
}
