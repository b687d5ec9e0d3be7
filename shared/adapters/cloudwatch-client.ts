import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { metricNamespace, metrics } from '#shared/alarms.ts';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';

const named = serviceCalls({ service: 'CloudWatch', stage: 'check' });

type State = 'on' | 'off' | 'missing';

/** Says of alarms of a region, at most a hundred (API_DescribeAlarms.html), whether they would tell anybody. */
export async function alarmStates(
  options: ClientOptions,
  names: readonly string[],
): Promise<readonly State[]> {
  const input = { AlarmNames: [...names], MaxRecords: 100 };
  const { MetricAlarms = [] } = await named('DescribeAlarms', names.join(', '), () =>
    new CloudWatchClient(options).send(new DescribeAlarmsCommand(input)),
  );
  const known = new Map(MetricAlarms.map((alarm) => [alarm.AlarmName, alarm]));
  return names.map((name) => {
    const alarm = known.get(name);
    if (!alarm) return 'missing';
    const tells = alarm.ActionsEnabled !== false && (alarm.AlarmActions ?? []).length > 0;
    return tells ? 'on' : 'off';
  });
}

/** Counts a complete check where the home region does not matter: an alarm there rings when they stay away. */
export async function countCompleteCheck(
  options: ClientOptions,
  { at, installation }: { readonly installation: string; readonly at: Date },
): Promise<void> {
  const datum = {
    MetricName: metrics.checks,
    Dimensions: [{ Name: 'Installation', Value: installation }],
    Timestamp: at,
    Unit: 'Count' as const,
    Value: 1,
  };
  const input = { Namespace: metricNamespace, MetricData: [datum] };
  await named('PutMetricData', options.region, () =>
    new CloudWatchClient(options).send(new PutMetricDataCommand(input)),
  );
}
