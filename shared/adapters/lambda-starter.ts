import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import {
  type FunctionStarter,
  type SyncStarter,
  type Worker,
  workerOf,
} from '#shared/queues/work.ts';

const named = serviceCalls({ service: 'Lambda', stage: 'check' });

/**
 * Starts functions asynchronously, so that Lambda keeps the event while no execution is free.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export function lambdaStarter({
  client,
  functionNames,
}: {
  readonly client: LambdaClient;
  readonly functionNames: Readonly<Record<Worker | 'sync', string>>;
}): FunctionStarter & SyncStarter {
  async function invoke(FunctionName: string, event: unknown): Promise<void> {
    const Payload = Buffer.from(JSON.stringify(event));
    const command = new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload });
    await named('Invoke', FunctionName, () => client.send(command));
  }
  return {
    start: (message) => invoke(functionNames[workerOf(message)], message),
    startSync: (region) => invoke(functionNames.sync, { region }),
  };
}
