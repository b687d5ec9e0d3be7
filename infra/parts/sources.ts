import { Duration } from 'aws-cdk-lib';
import { CfnEventInvokeConfig, EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { issueRunsAtOnce } from '#shared/acquire/solvers/pace.ts';
import { queueNames } from '../names.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';

/** Runs at once. Deploys are paced within a run, to ACM's one import a second in a place. */
const maxConcurrency = { issue: issueRunsAtOnce, deploy: 5, verify: 10 } as const;

/** Lambda retries twice, one and two minutes later; check sends the rest again out of the ledger. */
const retryAttempts = 2;
const longestAge = Duration.hours(6);

/** One message a run, so that a failure is the failure of one certificate. */
export function createQueueSources(
  scope: Construct,
  functions: Functions,
  queues: Queues,
): readonly EventSourceMapping[] {
  return queueNames.map(
    (name) =>
      new EventSourceMapping(scope, `${capital(name)}Source`, {
        target: functions[name],
        eventSourceArn: queues[name].queue.queueArn,
        batchSize: 1,
        maxConcurrency: maxConcurrency[name],
      }),
  );
}

/** Schedules and events have no queue that keeps them: what fails for good goes to the dead events. */
export function keepFailedEvents(scope: Construct, functions: Functions, deadEvents: IQueue): void {
  for (const name of ['check', 'verify', 'sync', 'alert'] as const) {
    new CfnEventInvokeConfig(scope, `${capital(name)}Invocations`, {
      functionName: functions[name].functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: retryAttempts,
      maximumEventAgeInSeconds: longestAge.toSeconds(),
      destinationConfig: { onFailure: { destination: deadEvents.queueArn } },
    });
  }
}

function capital(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
