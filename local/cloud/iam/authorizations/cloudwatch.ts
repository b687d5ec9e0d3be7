import type { SetAlarmStateCommandInput } from '@aws-sdk/client-cloudwatch';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import { given, onAll, type Row, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export const cloudwatchTable: Table = {
  PutMetricData: ({ Namespace }: { readonly Namespace: string | undefined }, asker) => [
    {
      action: 'cloudwatch:PutMetricData',
      resource: anyDataset(asker),
      context: given({ 'cloudwatch:namespace': Namespace }),
    },
  ],
  ListMetrics: onDatasets('cloudwatch:ListMetrics'),
  GetMetricData: onDatasets('cloudwatch:GetMetricData'),
  GetMetricStatistics: onAll('cloudwatch:GetMetricStatistics'),
  DescribeAlarms: onAlarms('cloudwatch:DescribeAlarms'),
  DescribeAlarmHistory: onAlarms('cloudwatch:DescribeAlarmHistory'),
  SetAlarmState: ({ AlarmName = '' }: SetAlarmStateCommandInput, asker) => [
    { action: 'cloudwatch:SetAlarmState', resource: alarmArn(AlarmName, asker) },
  ],
};

/** Metrics of this kind name no dataset, which a policy may limit the same actions to. */
function onDatasets(action: string): Row {
  return (_, asker) => [{ action, resource: anyDataset(asker) }];
}

function anyDataset(asker: Asker): string {
  return arnOf('cloudwatch', asker, 'dataset/*');
}

/** A request that names no alarm needs the right to all of them. */
function onAlarms(action: string): Row {
  return (
    {
      AlarmName,
      AlarmNames,
    }: { readonly AlarmName?: string; readonly AlarmNames?: readonly string[] },
    asker,
  ) => {
    const names = AlarmNames ?? [AlarmName ?? '*'];
    return names.map((name) => ({ action, resource: alarmArn(name, asker) }));
  };
}

function alarmArn(name: string, asker: Asker): string {
  return arnOf('cloudwatch', asker, `alarm:${name}`);
}
