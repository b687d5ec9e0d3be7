import type { Alarm } from './alarm.ts';
import { alarmTime } from './reasons.ts';
import { regionNames } from './region-names.ts';
import type { AlarmState } from './verdict.ts';

export type Transition = {
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  readonly at: Date;
};

/** SNS takes subjects of less than 100 characters; alarms may have names of 255. */
const longestSubject = 99;

export function subjectOf({ name, region }: Alarm, { to }: Transition): string {
  return `${to}: "${name}" in ${regionName(region)}`.slice(0, longestSubject);
}

/** The JSON that an alarm sends to a topic. AWS has no page for it; its libraries for Lambda hold what arrives (aws-lambda-go, events/testdata). */
export function messageOf(alarm: Alarm, { at, from, reason, to }: Transition): string {
  const { settings } = alarm;
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: settings.AlarmDescription ?? null,
    AWSAccountId: alarm.account,
    AlarmConfigurationUpdatedTimestamp: alarmTime(alarm.configuredAt),
    NewStateValue: to,
    NewStateReason: reason,
    StateChangeTime: alarmTime(at),
    Region: regionName(alarm.region),
    AlarmArn: alarm.arn,
    OldStateValue: from,
    OKActions: settings.OKActions ?? [],
    AlarmActions: settings.AlarmActions ?? [],
    InsufficientDataActions: settings.InsufficientDataActions ?? [],
    Trigger: { ...watched(alarm), ...condition(alarm) },
  });
}

function watched({ queries, settings }: Alarm): object {
  if (settings.Metrics) {
    return {
      Metrics: queries.map(({ Expression, Id, Label, MetricStat, ReturnData = true }) => ({
        ...(Expression !== undefined && { Expression }),
        Id,
        ...(Label !== undefined && { Label }),
        ...(MetricStat && {
          MetricStat: {
            Metric: {
              Dimensions: dimensions(MetricStat.Metric?.Dimensions),
              MetricName: MetricStat.Metric?.MetricName,
              Namespace: MetricStat.Metric?.Namespace,
            },
            Period: MetricStat.Period,
            Stat: MetricStat.Stat,
          },
        }),
        ReturnData,
      })),
    };
  }
  return {
    MetricName: settings.MetricName,
    Namespace: settings.Namespace,
    StatisticType: 'Statistic',
    Statistic: statistics[settings.Statistic ?? ''] ?? null,
    Unit: settings.Unit ?? null,
    Dimensions: dimensions(settings.Dimensions),
    Period: settings.Period,
  };
}

const statistics: Readonly<Record<string, string>> = {
  Average: 'AVERAGE',
  Maximum: 'MAXIMUM',
  Minimum: 'MINIMUM',
  SampleCount: 'SAMPLE_COUNT',
  Sum: 'SUM',
};

function condition({ settings }: Alarm): object {
  const { ComparisonOperator, DatapointsToAlarm, EvaluationPeriods, Threshold } = settings;
  return {
    EvaluationPeriods,
    ...(DatapointsToAlarm !== undefined && { DatapointsToAlarm }),
    ComparisonOperator,
    Threshold,
    TreatMissingData: settings.TreatMissingData ?? '',
    EvaluateLowSampleCountPercentile: '',
  };
}

function dimensions(given: Alarm['settings']['Dimensions'] = []): object[] {
  return given.map(({ Name, Value }) => ({ value: Value, name: Name }));
}

function regionName(region: string): string {
  return regionNames[region] ?? region;
}
