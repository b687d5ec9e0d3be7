import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

/** The alarm that the visited cloud has. */
export const visitedAlarm = {
  AlarmName: 'visited',
  Namespace: 'visit',
  MetricName: 'load',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'ignore',
} as const;

export async function visitCloudwatch(aws: AwsCommand): Promise<void> {
  const run = (operation: string, ...args: readonly string[]) =>
    aws.run('cloudwatch', operation, ...args);
  const metric = ['--namespace', 'visit', '--metric-name', 'load'];
  const range = ['--start-time', '2026-11-22T03:00:00Z', '--end-time', '2026-11-22T04:00:00Z'];
  await run('PutMetricData', ...metric, '--value', '0.5', '--timestamp', '2026-11-22T03:05:00Z');
  const { Metrics } = await run('ListMetrics', '--namespace', 'visit');
  expect(Metrics).toEqual([{ Namespace: 'visit', MetricName: 'load', Dimensions: [] }]);
  const of = [...metric, ...range, '--period', '3600', '--statistics', 'Sum'];
  const { Datapoints } = await run('GetMetricStatistics', ...of);
  expect(Datapoints).toMatchObject([{ Sum: 0.5 }]);
  const query = await aws.file(
    'queries.json',
    JSON.stringify([
      {
        Id: 'm1',
        MetricStat: {
          Metric: { Namespace: 'visit', MetricName: 'load' },
          Period: 3600,
          Stat: 'Sum',
        },
      },
    ]),
  );
  const asked = ['--metric-data-queries', `file://${query}`, ...range];
  const { MetricDataResults } = await run('GetMetricData', ...asked);
  expect(MetricDataResults).toMatchObject([{ Id: 'm1', Values: [0.5] }]);

  const named = ['--alarm-name', 'visited'];
  await run('SetAlarmState', ...named, '--state-value', 'ALARM', '--state-reason', 'a visit');
  const { MetricAlarms } = await run('DescribeAlarms', '--state-value', 'ALARM');
  expect(MetricAlarms).toMatchObject([{ AlarmName: 'visited', StateReason: 'a visit' }]);
  const { AlarmHistoryItems } = await run('DescribeAlarmHistory', ...named);
  const summaries = AlarmHistoryItems.map(
    (item: { HistorySummary: string }) => item.HistorySummary,
  );
  expect(summaries).toContain('Alarm updated from INSUFFICIENT_DATA to ALARM');
}
