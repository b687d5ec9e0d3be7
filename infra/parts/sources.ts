import { Annotations, Duration } from 'aws-cdk-lib';
import { CfnEventInvokeConfig, EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import { functionNames, queueNames } from '#shared/installation.ts';
import {
  accountExecutions,
  executionsNeeded,
  executionsOf,
  fewestExecutions,
  mappedExecutions,
} from '#shared/limits.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';

/** Lambda retries twice, after one and two minutes; later, check sends the rest again from the ledger. */
const retryAttempts = 2;
const longestAge = Duration.hours(6);

/** Passes one message to a run, so that a failure concerns one certificate. */
export function createQueueSources(
  scope: Construct,
  {
    config,
    functions,
    queues,
  }: {
    readonly config: Config;
    readonly functions: Functions;
    readonly queues: Queues;
  },
): readonly EventSourceMapping[] {
  const maxConcurrency = executionsOf(config);
  warnOfQuota(scope, config);
  const later = queues.later && createLaterSource(scope, functions, queues.later);
  const sources = queueNames.map(
    (name) =>
      new EventSourceMapping(scope, `${capital(name)}Source`, {
        target: functions[name],
        eventSourceArn: queues[name].queue.queueArn,
        batchSize: 1,
        maxConcurrency: maxConcurrency[name],
      }),
  );
  return later ? [...sources, later] : sources;
}

/** Its runs are as short as a change, of which there is one in 30 seconds for each account and region. */
function createLaterSource(
  scope: Construct,
  functions: Functions,
  queue: IQueue,
): EventSourceMapping {
  return new EventSourceMapping(scope, 'LaterSource', {
    target: functions.deploy,
    eventSourceArn: queue.queueArn,
    batchSize: 1,
    maxConcurrency: fewestExecutions,
  });
}

/** The command and the quota are also in docs/configuration.md. */
function warnOfQuota(scope: Construct, config: Config): void {
  const needed = executionsNeeded(config);
  if (needed <= accountExecutions) return;
  Annotations.of(scope).addWarningV2(
    'certkeep:concurrency',
    `The queues may take ${needed - accountExecutions + mappedExecutions} executions at once (concurrency:). The account must be allowed ${needed} at least, and new accounts have ${accountExecutions}: aws service-quotas get-service-quota --service-code lambda --quota-code L-B99A9384 --region ${config.home.region}`,
  );
}

/** Sends an event to the dead events when its retries fail: no queue keeps schedules, events and urgent work. */
export function keepFailedEvents(scope: Construct, functions: Functions, deadEvents: IQueue): void {
  for (const name of functionNames) {
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
