import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { functionNames, type ResourceNames } from '#shared/installation.ts';
import { type AlarmKind, alarmKinds } from '../alarm-kinds.ts';
import { lookEvery } from '../timings.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';

/** Alarms on certkeep itself. Trouble with a certificate is reported by events instead. */
export function createAlarms(
  scope: Construct,
  given: {
    readonly names: ResourceNames;
    readonly queues: Queues;
    readonly functions: Functions;
    /** Null where no listener has a permanent rule. */
    readonly challenge: IFunction | null;
    readonly topic: Topic;
  },
): void {
  const { names, queues, functions, challenge } = given;
  const alarm = alarmsTelling(scope, given);
  const dead: Readonly<Record<string, IQueue>> = {
    [names.deadLetters('issue')]: queues.issue.dead,
    [names.deadLetters('deploy')]: queues.deploy.dead,
    [names.deadLetters('verify')]: queues.verify.dead,
    [names.deadEvents]: queues.deadEvents,
  };
  for (const [name, queue] of Object.entries(dead)) {
    const metric = queue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: 'max',
    });
    alarm('DeadLetters', name.replace(/\.fifo$/, ''), metric);
  }
  for (const name of functionNames) {
    alarm('FunctionFails', names.function(name), failuresOf(functions[name]));
  }
  if (challenge) {
    alarm('FunctionFails', names.function('challenge'), failuresOf(challenge));
  }
  alarm(
    'CheckSilent',
    names.function('check'),
    functions.check.metricInvocations({ period: lookEvery }),
  );
}

const hour = Duration.hours(1);

/**
 * An hour without a run counts as one without failures. Lambda sends nothing then, and CloudWatch would look again at the
 * hours before, where the same failures would ring a second time
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
 */
function failuresOf(fn: IFunction): IMetric {
  return new MathExpression({
    expression: 'FILL(errors, 0)',
    usingMetrics: { errors: fn.metricErrors({ period: hour }) },
    period: hour,
    label: 'Errors',
  });
}

/** One hour of periods. CloudWatch evaluates a few more before it reports missing data. */
const silentPeriods = hour.toMinutes() / lookEvery.toMinutes();

function alarmsTelling(
  scope: Construct,
  { names, topic }: { readonly names: ResourceNames; readonly topic: Topic },
) {
  const action = new SnsAction(topic);
  return (kind: AlarmKind, subject: string, metric: IMetric) => {
    const { severity, summary, threshold, isMissing } = alarmKinds[kind];
    const created = new Alarm(scope, `${kind}-${subject.slice(names.installation.length + 1)}`, {
      alarmName: names.alarm(`${kind}-${subject}`),
      alarmDescription: `${severity}: ${subject}: ${summary} See docs/runbook.md#${kind.toLowerCase()}`,
      metric,
      threshold,
      evaluationPeriods: isMissing ? silentPeriods : 1,
      comparisonOperator: isMissing
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: isMissing ? TreatMissingData.MISSING : TreatMissingData.NOT_BREACHING,
    });
    created.addAlarmAction(action);
    if (isMissing) created.addInsufficientDataAction(action);
  };
}
