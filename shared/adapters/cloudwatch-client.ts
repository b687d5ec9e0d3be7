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

export type AlarmSeen = {
  readonly state: State;
  /** It rings now. */
  readonly isRinging: boolean;
};

/** Says of alarms of a region, at most a hundred (API_DescribeAlarms.html), whether they would tell anybody, and whether they ring. */
export async function alarmsSeen(
  options: ClientOptions,
  names: readonly string[],
): Promise<readonly AlarmSeen[]> {
  const input = { AlarmNames: [...names], MaxRecords: 100 };
  const { MetricAlarms = [] } = await named('DescribeAlarms', names.join(', '), () =>
    new CloudWatchClient(options).send(new DescribeAlarmsCommand(input)),
  );
  const known = new Map(MetricAlarms.map((alarm) => [alarm.AlarmName, alarm]));
  return names.map((name) => {
    const alarm = known.get(name);
    if (!alarm) return { state: 'missing', isRinging: false };
    const tells = alarm.ActionsEnabled !== false && (alarm.AlarmActions ?? []).length > 0;
    return { state: tells ? 'on' : 'off', isRinging: alarm.StateValue === 'ALARM' };
  });
}

/** Says of the same alarms only whether they would tell anybody. */
export async function alarmStates(
  options: ClientOptions,
  names: readonly string[],
): Promise<readonly State[]> {
  return (await alarmsSeen(options, names)).map(({ state }) => state);
}

export type Measure = {
  readonly name: keyof typeof metrics;
  readonly value: number;
  readonly at: Date;
  readonly installation: string;
};

/** Writes one value of a metric of certkeep's own, in the region of the options. */
export async function putMetric(
  options: ClientOptions,
  { at, installation, name, value }: Measure,
): Promise<void> {
  const { metric, unit } = metrics[name];
  const datum = {
    MetricName: metric,
    Dimensions: [{ Name: 'Installation', Value: installation }],
    Timestamp: at,
    Unit: unit,
    Value: value,
  };
  const input = { Namespace: metricNamespace, MetricData: [datum] };
  await named('PutMetricData', metric, () =>
    new CloudWatchClient(options).send(new PutMetricDataCommand(input)),
  );
}
