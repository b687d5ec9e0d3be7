import { beforeEach, describe, expect, test } from 'vitest';
import { dayMs, minuteMs } from '#cloud/clock.ts';
import type { AlarmSettings } from '#cloud/services/cloudwatch/alarm.ts';
import { ask } from '#cloud/wire/service.ts';
import { type AlarmLab, alarmLab, place, topicArn } from '../fixtures/alarm-lab.ts';

let lab: AlarmLab;
beforeEach(() => {
  lab = alarmLab();
});

test('a new alarm has no data, and tells nothing until that changes', async () => {
  lab.alarm();
  await lab.pass(10);
  expect(lab.state()).toBe('INSUFFICIENT_DATA');
  expect(lab.told()).toEqual([]);
});

test('only changes are told, each once', async () => {
  lab.alarm({ TreatMissingData: 'notBreaching' });
  await lab.pass(3);
  await lab.pass(3, () => lab.put(1));
  await lab.pass(10);
  expect(lab.told()).toEqual(['INSUFFICIENT_DATA -> OK', 'OK -> ALARM', 'ALARM -> OK']);
});

test('the time of a change is the minute of the clock at which it could be seen, however far the clock jumps', async () => {
  lab.alarm();
  lab.put(1);
  lab.clock.advance(2 * dayMs);
  await lab.watch.told();
  const times = lab.topics.published().map(({ message }) => JSON.parse(message).StateChangeTime);
  // The value is in the range for three minutes: the period, and two more.
  expect(times).toEqual(['2026-11-22T03:01:00.000+0000', '2026-11-22T03:04:00.000+0000']);
  expect(lab.told()).toEqual(['INSUFFICIENT_DATA -> ALARM', 'ALARM -> INSUFFICIENT_DATA']);
});

test('two of three periods are enough where two are asked for, whichever they are', async () => {
  lab.alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  const values = [1, 0, 0, 1, 0, 1, 0, 0];
  const states: (string | undefined)[] = [];
  for (const value of values) {
    await lab.pass(1, () => lab.put(value));
    states.push(lab.state());
  }
  expect(states.slice(2)).toEqual(['OK', 'OK', 'OK', 'ALARM', 'OK', 'OK']);
});

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
test('an hour is any sixty minutes, not that of the clock', async () => {
  lab.alarm({ Period: 3_600, Threshold: 3, TreatMissingData: 'notBreaching' });
  lab.clock.advance(50 * minuteMs);
  for (const _ of [1, 2, 3]) {
    lab.put(1);
    await lab.pass(8);
  }
  expect(lab.state()).toBe('ALARM');
  await lab.pass(40);
  expect(lab.state()).toBe('OK');
});

test.each<[string, readonly number[], number]>([
  ['Sum', [1, 2, 6], 9],
  ['Average', [1, 2, 6], 3],
  ['Minimum', [1, 2, 6], 1],
  ['Maximum', [1, 2, 6], 6],
  ['SampleCount', [1, 2, 6], 3],
])('the %s of %j is %d', async (Statistic, values, Threshold) => {
  const Statistics = { Statistic: Statistic as 'Sum', Threshold };
  lab.alarm({ ...Statistics, AlarmName: 'reached' });
  lab.alarm({ ...Statistics, AlarmName: 'over', ComparisonOperator: 'GreaterThanThreshold' });
  for (const value of values) lab.put(value);
  await lab.pass(1);
  expect([lab.state('reached'), lab.state('over')]).toEqual(['ALARM', 'OK']);
});

test('an alarm may watch an expression, in which what is missing is filled', async () => {
  const metric = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'test', MetricName }, Period: 60, Stat: 'Sum' },
  });
  lab.alarm({
    MetricName: undefined,
    Namespace: undefined,
    Period: undefined,
    Statistic: undefined,
    Threshold: 50,
    Metrics: [
      { Id: 'share', Expression: '100 * FILL(failed, 0) / all' },
      metric('failed', 'failed'),
      metric('all', 'all'),
    ],
  });
  await lab.pass(2, () => lab.put(4, 'all'));
  expect(lab.state()).toBe('OK');
  await lab.pass(1, () => {
    lab.put(4, 'all');
    lab.put(2, 'failed');
  });
  expect(lab.state()).toBe('ALARM');
});

test('an update keeps the state, and evaluates by the new settings', async () => {
  lab.alarm();
  await lab.pass(1, () => lab.put(1));
  lab.alarm({ Threshold: 5 });
  expect(lab.state()).toBe('ALARM');
  await lab.pass(1, () => lab.put(1));
  expect(lab.state()).toBe('OK');
});

test('an alarm without actions changes its state, and tells nobody', async () => {
  lab.alarm({ ActionsEnabled: false });
  await lab.pass(1, () => lab.put(1));
  expect(lab.state()).toBe('ALARM');
  expect(lab.told()).toEqual([]);
});

test('a state that somebody sets is told, and lasts until the next evaluation', async () => {
  lab.alarm({ TreatMissingData: 'notBreaching' });
  await lab.pass(2);
  const StateReason = 'a test';
  const input = { AlarmName: 'busy', StateValue: 'ALARM', StateReason };
  ask(lab.watch, 'SetAlarmState', input, place);
  expect(lab.state()).toBe('ALARM');
  await lab.pass(1);
  expect(lab.told()).toEqual(['INSUFFICIENT_DATA -> OK', 'OK -> ALARM', 'ALARM -> OK']);
});

describe('the message', () => {
  test('is the JSON that CloudWatch sends', async () => {
    lab.alarm({ AlarmDescription: 'high: too much.', TreatMissingData: 'notBreaching' });
    await lab.pass(1, () => lab.put(3));
    const [{ message = '', subject = '' } = {}] = lab.topics.published();
    expect(subject).toBe('ALARM: "busy" in US East (N. Virginia)');
    expect(JSON.parse(message)).toEqual({
      AlarmName: 'busy',
      AlarmDescription: 'high: too much.',
      AWSAccountId: '000000000000',
      AlarmConfigurationUpdatedTimestamp: '2026-11-22T03:00:00.000+0000',
      NewStateValue: 'ALARM',
      NewStateReason:
        'Threshold Crossed: 1 out of the last 1 datapoints [3.0 (22/11/26 03:00:00)] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).',
      StateChangeTime: '2026-11-22T03:01:00.000+0000',
      Region: 'US East (N. Virginia)',
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:busy',
      OldStateValue: 'INSUFFICIENT_DATA',
      OKActions: [topicArn],
      AlarmActions: [topicArn],
      InsufficientDataActions: [topicArn],
      Trigger: {
        MetricName: 'load',
        Namespace: 'test',
        StatisticType: 'Statistic',
        Statistic: 'SUM',
        Unit: null,
        Dimensions: [],
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Threshold: 1,
        TreatMissingData: 'notBreaching',
        EvaluateLowSampleCountPercentile: '',
      },
    });
  });

  test.each<[string, Partial<AlarmSettings>, string]>([
    [
      'nothing was measured',
      { TreatMissingData: 'notBreaching' },
      'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
    ],
    [
      'nothing was measured in three periods',
      { TreatMissingData: 'breaching', EvaluationPeriods: 3 },
      'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
    ],
  ])('says that %s', async (_, change, reason) => {
    lab.alarm(change);
    await lab.pass(1);
    expect(lab.watch.alarms.find(place, 'busy')?.reason).toBe(reason);
  });

  test('says how many values are unknown', async () => {
    lab.alarm({ EvaluationPeriods: 2 });
    await lab.pass(2, () => lab.put(0));
    await lab.pass(6);
    const reason = 'Insufficient Data: 2 datapoints were unknown.';
    expect(lab.watch.alarms.find(place, 'busy')?.reason).toBe(reason);
  });

  test('has a subject that SNS takes, whatever the alarm is called', async () => {
    const AlarmName = 'x'.repeat(255);
    lab.alarm({ AlarmName });
    await lab.pass(1, () => lab.put(1));
    expect(lab.topics.published()[0]?.subject).toHaveLength(99);
  });
});

test('what could not be told stands in the history, and nowhere else', async () => {
  lab = alarmLab(['sns:Publish']);
  lab.alarm();
  await lab.pass(1, () => lab.put(1));
  expect(lab.topics.published()).toEqual([]);
  expect(lab.watch.alarms.history(place).map(({ summary }) => summary)).toEqual([
    'Alarm "busy" created',
    'Alarm updated from INSUFFICIENT_DATA to ALARM',
    `Failed to execute action ${topicArn}`,
  ]);
});

test.each<[string, Partial<AlarmSettings>, string]>([
  ['a percentile', { Statistic: undefined, ExtendedStatistic: 'p99' } as object, 'the statistic'],
  ['a band', { ComparisonOperator: 'GreaterThanUpperThreshold' }, 'GreaterThanUpperThreshold'],
  [
    'an action of another kind',
    { AlarmActions: ['arn:aws:lambda:x'] },
    'the action arn:aws:lambda',
  ],
  ['a period of 45 seconds', { Period: 45 }, 'the period 45'],
  ['four of three periods', { EvaluationPeriods: 3, DatapointsToAlarm: 4 }, 'DatapointsToAlarm 4'],
  ['more than a day', { Period: 300, EvaluationPeriods: 289 }, 'more than a day'],
  ['no threshold', { Threshold: undefined }, 'has no Threshold'],
])('%s is refused', (_, change, message) => {
  expect(() => lab.alarm(change)).toThrow(message);
});
