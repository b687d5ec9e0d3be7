import { type Cloud, startCloud, usualConsistency } from 'local-cloud/cloud.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alarmStates, putMetric } from '#shared/adapters/cloudwatch-client.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

const clock = virtualClock();
const call = { account: '000000000000', region: 'us-east-1', accessKeyId: 'AKIATEST' };
let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ clock, consistency: usualConsistency });
  cloud.accounts.register('AKIATEST', {
    ...call,
    caller: null,
    arn: 'arn:aws:iam::000000000000:user/test',
    role: null,
    userId: 'AIDATEST',
  });
});
afterAll(() => cloud.close());

const metric = {
  Namespace: 'test',
  MetricName: 'waits',
  Statistic: 'Sum' as const,
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold' as const,
};
const AlarmActions = ['arn:aws:sns:us-east-1:000000000000:certkeep-watch'];

test('an alarm is on where it has an action and its actions are enabled', async () => {
  const put = (AlarmName: string, change: object) =>
    cloud.cloudwatch.alarms.put(call, { ...metric, AlarmName, ...change });
  put('on', { AlarmActions });
  put('disabled', { AlarmActions, ActionsEnabled: false });
  put('idle', { AlarmActions: [] });
  const names = ['idle', 'gone', 'disabled', 'on'];
  expect(await alarmStates(localClientOptions(cloud), names)).toEqual([
    'off',
    'missing',
    'off',
    'on',
  ]);
});

test('a metric is written with its unit, of its installation', async () => {
  const at = clock.now();
  await putMetric(localClientOptions(cloud), {
    name: 'alertAge',
    value: 90,
    at,
    installation: 'shop',
  });
  const shown = ask(
    cloud.cloudwatch,
    'GetMetricStatistics',
    {
      ...{ Namespace: 'certkeep', MetricName: 'AlertAge', Period: 60, Statistics: ['Maximum'] },
      Dimensions: [{ Name: 'Installation', Value: 'shop' }],
      StartTime: addMs(at, -minuteMs),
      EndTime: addMs(at, minuteMs),
    },
    call,
  );
  expect(shown).toMatchObject({ Datapoints: [{ Maximum: 90, Unit: 'Seconds' }] });
});
