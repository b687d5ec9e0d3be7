import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMs, hourMs, minuteMs } from '#cloud/clock.ts';
import { callerOptions } from '#cloud/kit/client-options.ts';
import type { VirtualClock } from '#cloud/virtual-clock.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { call, type Lab, lab, resource } from '../fixtures/stacks.ts';

let clock: VirtualClock;
let aws: Lab;
let watch: CloudWatch;
beforeAll(async () => {
  clock = virtualClock();
  aws = await lab(clock);
  watch = new CloudWatch(callerOptions(aws.cloud));
});
afterAll(() => aws.cloud.close());

const start = new Date('2026-11-22T03:00:00Z');
const Dimensions = [{ Name: 'Queue', Value: 'work' }];

const alarm = (AlarmName: string, change: object = {}) =>
  resource('CloudWatch::Alarm', {
    AlarmName,
    Namespace: 'test',
    MetricName: AlarmName,
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    ...change,
  });

test('what is put can be read: by statistics, and by queries with expressions', async () => {
  const MetricName = 'waited';
  await watch.putMetricData({
    Namespace: 'test',
    MetricData: [
      { MetricName, Dimensions, Timestamp: start, Value: 3, Unit: 'Seconds' },
      { MetricName, Dimensions, Timestamp: start, Values: [1, 5], Counts: [2, 1], Unit: 'Seconds' },
      {
        MetricName,
        Dimensions,
        Timestamp: addMs(start, 5 * minuteMs),
        StatisticValues: { SampleCount: 2, Sum: 6, Minimum: 2, Maximum: 4 },
        Unit: 'Seconds',
      },
    ],
  });
  const range = { StartTime: start, EndTime: addMs(start, hourMs) };
  const metric = { Namespace: 'test', MetricName, Dimensions };
  const { Datapoints } = await watch.getMetricStatistics({
    ...metric,
    ...range,
    Period: 300,
    Statistics: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'],
  });
  expect(Datapoints).toEqual([
    {
      Timestamp: start,
      Sum: 10,
      Average: 2.5,
      Minimum: 1,
      Maximum: 5,
      SampleCount: 4,
      Unit: 'Seconds',
    },
    {
      Timestamp: addMs(start, 5 * minuteMs),
      Sum: 6,
      Average: 3,
      Minimum: 2,
      Maximum: 4,
      SampleCount: 2,
      Unit: 'Seconds',
    },
  ]);
  const { MetricDataResults } = await watch.getMetricData({
    ...range,
    ScanBy: 'TimestampAscending',
    MetricDataQueries: [
      { Id: 'half', Expression: 'all / 2', Label: 'Half' },
      { Id: 'all', MetricStat: { Metric: metric, Period: 300, Stat: 'Sum' }, ReturnData: false },
    ],
  });
  expect(MetricDataResults).toEqual([
    {
      Id: 'half',
      Label: 'Half',
      Timestamps: [start, addMs(start, 5 * minuteMs)],
      Values: [5, 3],
      StatusCode: 'Complete',
    },
  ]);
});

test('a metric is its name with all its dimensions', async () => {
  await watch.putMetricData({
    Namespace: 'dimensions',
    MetricData: [{ MetricName: 'load', Dimensions, Value: 1 }],
  });
  const { Metrics } = await watch.listMetrics({ Namespace: 'dimensions' });
  expect(Metrics).toEqual([{ Namespace: 'dimensions', MetricName: 'load', Dimensions }]);
  const range = { StartTime: start, EndTime: addMs(start, hourMs) };
  const { Datapoints } = await watch.getMetricStatistics({
    Namespace: 'dimensions',
    MetricName: 'load',
    ...range,
    Period: 3_600,
    Statistics: ['Sum'],
  });
  expect(Datapoints).toEqual([]);
});

test('alarms are described by name, prefix and state, page by page, and their history is kept', async () => {
  aws.deploy({ Resources: { A: alarm('first'), B: alarm('second'), C: alarm('third') } });
  await watch.putMetricData({
    Namespace: 'test',
    MetricData: [{ MetricName: 'second', Value: 2 }],
  });
  clock.advance(minuteMs);
  const namesOf = async (input: object) =>
    (await watch.describeAlarms(input)).MetricAlarms?.map(({ AlarmName }) => AlarmName);
  expect(await namesOf({ AlarmNames: ['third', 'none'] })).toEqual(['third']);
  expect(await namesOf({ AlarmNamePrefix: 's' })).toEqual(['second']);
  expect(await namesOf({ StateValue: 'ALARM' })).toEqual(['second']);
  expect(await namesOf({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
  const { MetricAlarms, NextToken } = await watch.describeAlarms({ MaxRecords: 2 });
  expect(MetricAlarms).toMatchObject([
    { AlarmName: 'first', StateValue: 'INSUFFICIENT_DATA', ActionsEnabled: true },
    { AlarmName: 'second', StateValue: 'ALARM', Threshold: 1, MetricName: 'second' },
  ]);
  expect(await namesOf({ NextToken })).toEqual(['third']);
  const { AlarmHistoryItems } = await watch.describeAlarmHistory({ AlarmName: 'second' });
  expect(AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)).toEqual([
    'Alarm updated from INSUFFICIENT_DATA to ALARM',
    'Alarm "second" created',
  ]);
});

test('a state of an alarm that nobody knows cannot be set', async () => {
  const input = { AlarmName: 'none', StateValue: 'OK', StateReason: 'x' } as const;
  await expect(watch.setAlarmState(input)).rejects.toMatchObject({ name: 'ResourceNotFound' });
});

test("nobody puts what belongs to AWS's own namespaces", async () => {
  const input = { Namespace: 'AWS/SQS', MetricData: [{ MetricName: 'a', Value: 1 }] };
  await expect(watch.putMetricData(input)).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
  });
});

test('metrics are found in the lines of a log, in embedded metric format', () => {
  const { logs, metrics } = aws.cloud;
  logs.createLogGroup(call, '/aws/lambda/measured', 7);
  const line = {
    _aws: {
      Timestamp: clock.now().getTime(),
      CloudWatchMetrics: [
        {
          Namespace: 'embedded',
          Dimensions: [['stage'], []],
          Metrics: [{ Name: 'orders', Unit: 'Count' }, { Name: 'absent' }],
        },
      ],
    },
    stage: 'issue',
    orders: [1, 2],
  };
  for (const text of ['no JSON {"_aws"', '{"_aws":', JSON.stringify(line)]) {
    logs.write(call, { group: '/aws/lambda/measured', stream: 's' }, text);
  }
  const found = metrics.all(call).filter(({ namespace }) => namespace === 'embedded');
  const shown = found.map(({ dimensions, name, points }) => ({ name, dimensions, points }));
  const points = [expect.objectContaining({ sum: 3, count: 2, max: 2 })];
  expect(shown).toEqual([
    { name: 'orders', dimensions: { stage: 'issue' }, points },
    { name: 'orders', dimensions: {}, points },
  ]);
});
