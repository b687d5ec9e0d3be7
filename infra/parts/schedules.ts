import { Duration, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ResourceNames } from '#shared/installation.ts';
import { lookEvery } from '../timings.ts';
import type { Functions } from './functions.ts';
import { createRole } from './role.ts';

/** Spreads the runs, so that installations do not all ask certificate authorities in the same minute. */
const window = Duration.minutes(5);
const retryPolicy = { maximumEventAgeInSeconds: 600, maximumRetryAttempts: 5 };

/**
 * Schedules check and verify every ten minutes, and one check as soon as a configuration is deployed: a rate without a
 * start date begins at once (EventBridge Scheduler User Guide, "Rate-based schedules"), and another configuration is
 * another schedule. The schedules depend on everything created in the scope before: an earlier run would miss its bucket,
 * the alias of its key, or the destination of its failures.
 */
export function createSchedules(
  scope: Construct,
  given: {
    readonly names: ResourceNames;
    readonly functions: Functions;
    readonly deadEvents: IQueue;
    readonly configDigest: string;
  },
): void {
  const { names, functions, deadEvents } = given;
  const before = [...scope.node.children];
  const group = new CfnScheduleGroup(scope, 'Schedules', { name: names.bus });
  const role = createScheduleRole(scope, given, group);
  const target = (fn: { readonly functionArn: string }, input: object) => ({
    arn: fn.functionArn,
    roleArn: role.roleArn,
    input: JSON.stringify(input),
    retryPolicy,
    deadLetterConfig: { arn: deadEvents.queueArn },
  });
  const rate = `rate(${lookEvery.toMinutes()} minutes)`;
  const groupName = group.ref;
  const flexibleTimeWindow = { mode: 'FLEXIBLE', maximumWindowInMinutes: window.toMinutes() };
  const check = new CfnSchedule(scope, 'CheckSchedule', {
    description: 'Decides for each certificate what is due.',
    groupName,
    scheduleExpression: rate,
    flexibleTimeWindow,
    target: target(functions.check, {}),
  });
  const verify = new CfnSchedule(scope, 'VerifySchedule', {
    description: 'Asks endpoints whose proof is due.',
    groupName,
    scheduleExpression: rate,
    flexibleTimeWindow,
    target: target(functions.verify, { sweep: true }),
  });
  const first = new CfnSchedule(scope, `FirstCheck${given.configDigest.slice(0, 8)}`, {
    description: 'Runs check at once after a deployment.',
    groupName,
    scheduleExpression: 'rate(365 days)',
    flexibleTimeWindow: { mode: 'OFF' },
    target: target(functions.check, {}),
  });
  for (const schedule of [check, verify]) schedule.node.addDependency(...before);
  first.node.addDependency(check, verify);
}

function createScheduleRole(
  scope: Construct,
  { names, functions, deadEvents }: Parameters<typeof createSchedules>[1],
  group: CfnScheduleGroup,
) {
  return createRole(scope, 'ScheduleRole', {
    name: names.scheduleRole,
    description: 'The functions that the schedules of certkeep may start.',
    // Limited to this account and group:
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: {
          'aws:SourceAccount': Stack.of(scope).account,
          'aws:SourceArn': group.attrArn,
        },
      },
    }),
    rights: [
      {
        sid: 'StartFunctions',
        actions: ['lambda:InvokeFunction'],
        // This excludes the aliases, through which people make requests: for IAM they are other resources.
        resources: [functions.check.functionArn, functions.verify.functionArn],
        reason: 'The schedules start these functions.',
      },
      {
        sid: 'KeepFailedStarts',
        actions: ['sqs:SendMessage'],
        resources: [deadEvents.queueArn],
        reason: 'A start that failed is kept where an alarm sees it.',
      },
    ],
  });
}
