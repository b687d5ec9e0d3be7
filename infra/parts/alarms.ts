import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import {
  type AlarmKind,
  alarmKinds,
  alarmNameOf,
  metricNamespace,
  metrics,
} from '#shared/alarms.ts';
import { type QueueName, queueNames, type ResourceNames } from '#shared/installation.ts';
import { lookEvery } from '../timings.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';

/**
 * Alarms on certkeep itself: few, each with one meaning. They reach people without any of its functions, over a topic that
 * no function publishes to. Trouble with a certificate is told by alert instead, and what any function failed at for good is
 * a dead letter. They have ten metrics, which cost nothing, and one more where targets wait for turns: CloudWatch charges for
 * each one beyond ten (https://aws.amazon.com/cloudwatch/pricing/, free tier).
 */
export function createAlarms(
  scope: Construct,
  given: Telling & {
    readonly queues: Queues;
    readonly functions: Functions;
  },
): readonly Alarm[] {
  const { queues, functions } = given;
  const alarm = alarmsTelling(scope, given);
  const silent = functions.check.metricInvocations({ period: lookEvery });
  const alertAge = ownMetric(given.names, 'alertAge', 'max', hour);
  const old = queueNames.map((name) => {
    const age = ageOf(queues[name].queue);
    // SQS keeps a message back for a quarter of an hour at most, so that two hours mean the same there.
    const later = name === 'deploy' && queues.later ? { later: ageOf(queues.later) } : {};
    return alarm('QueueOld', sumOf({ age, ...later }, few), name);
  });
  const dead = { events: queues.deadEvents };
  for (const name of queueNames) Object.assign(dead, { [name]: queues[name].dead });
  const visible = Object.entries(dead).map(([name, queue]) => {
    const metric = queue.metricApproximateNumberOfMessagesVisible({
      period: few,
      statistic: 'max',
    });
    return [name, metric] as const;
  });
  const errors = functions.check.metricErrors({ period: hour });
  return [
    alarm('CheckSilent', silent),
    alarm('AlertSilent', sumOf({ age: alertAge }, hour)),
    ...old,
    alarm('DeadLetters', sumOf(Object.fromEntries(visible), few)),
    alarm('CheckFails', sumOf({ errors }, hour)),
  ];
}

function ageOf(queue: IQueue): Metric {
  return queue.metricApproximateAgeOfOldestMessage({ period: few, statistic: 'max' });
}

/** The alarm of the first replica, which watches home from there. */
export function createHomeAlarm(scope: Construct, given: Telling): Alarm {
  const alarm = alarmsTelling(scope, given);
  return alarm('HomeSilent', ownMetric(given.names, 'checks', 'sum', lookEvery));
}

/** A metric that certkeep itself writes. */
function ownMetric(
  { installation }: ResourceNames,
  name: keyof typeof metrics,
  statistic: 'max' | 'sum',
  period: Duration,
): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: metrics[name].metric,
    dimensionsMap: { Installation: installation },
    statistic,
    period,
  });
}

const few = Duration.minutes(5);
const hour = Duration.hours(1);

/**
 * A period without a value counts as nothing. Where nothing happens the services send nothing, and CloudWatch would look
 * again at the periods before, where the same trouble would ring a second time
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
 */
function sumOf(metrics: Readonly<Record<string, IMetric>>, period: Duration): IMetric {
  const expression = Object.keys(metrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics: { ...metrics }, period, label: 'Sum' });
}

/** CloudWatch evaluates a few more periods before it reports missing data. */
const silentPeriods: Partial<Record<AlarmKind, number>> = {
  CheckSilent: hour.toMinutes() / lookEvery.toMinutes(),
  // Signs of life may be lost on their way to another region.
  HomeSilent: (3 * hour.toMinutes()) / lookEvery.toMinutes(),
};

type Telling = {
  readonly names: ResourceNames;
  /** The address of the runbook, without an anchor. */
  readonly runbook: string;
  readonly topic: Topic;
};

function alarmsTelling(scope: Construct, { names, runbook, topic }: Telling) {
  const action = new SnsAction(topic);
  return (kind: AlarmKind, metric: IMetric, subject: QueueName | null = null) => {
    const { severity, summary, threshold, isMissing } = alarmKinds[kind];
    const name = alarmNameOf(kind, subject);
    const of = subject === null ? names.installation : `${names.installation}-${subject}`;
    const created = new Alarm(scope, name, {
      alarmName: names.alarm(name),
      alarmDescription: `${severity}: ${of}: ${summary} See ${runbook}#${kind.toLowerCase()}`,
      metric,
      threshold,
      evaluationPeriods: silentPeriods[kind] ?? 1,
      comparisonOperator: isMissing
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: isMissing ? TreatMissingData.MISSING : TreatMissingData.NOT_BREACHING,
    });
    created.addAlarmAction(action);
    // A new alarm tells that all is well before anybody can have confirmed an address.
    created.addOkAction(action);
    if (isMissing) created.addInsufficientDataAction(action);
    return created;
  };
}
