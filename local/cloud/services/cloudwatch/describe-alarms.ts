import type {
  DescribeAlarmHistoryCommandInput,
  DescribeAlarmHistoryOutput,
  DescribeAlarmsCommandInput,
  DescribeAlarmsOutput,
  MetricAlarm,
  SetAlarmStateCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { pageOf } from '../pages.ts';
import { type Alarm, actionsOn } from './alarm.ts';
import { type Alarms, alarmMissing, type HistoryItem } from './alarms.ts';

export function describeAlarms(
  alarms: Alarms,
  input: DescribeAlarmsCommandInput,
  call: Call,
): DescribeAlarmsOutput {
  supportOnly('DescribeAlarms', input, [
    'AlarmNames',
    'AlarmNamePrefix',
    'AlarmTypes',
    'StateValue',
    'ActionPrefix',
    'MaxRecords',
    'NextToken',
  ]);
  const { ActionPrefix, AlarmNamePrefix = '', AlarmNames, AlarmTypes, MaxRecords = 50 } = input;
  // There are no composite alarms here.
  const isAsked = AlarmTypes === undefined || AlarmTypes.includes('MetricAlarm');
  const found = alarms
    .all(call)
    .filter(
      (alarm) =>
        isAsked &&
        (AlarmNames?.includes(alarm.name) ?? true) &&
        alarm.name.startsWith(AlarmNamePrefix) &&
        (input.StateValue ?? alarm.state) === alarm.state &&
        (ActionPrefix === undefined ||
          actionsOf(alarm).some((arn) => arn.startsWith(ActionPrefix))),
    );
  const page = pageOf(found, { token: input.NextToken, size: MaxRecords }, ({ name }) => name);
  if (!page) throw invalidToken();
  return {
    MetricAlarms: page.items.map(shown),
    CompositeAlarms: [],
    ...(page.next && { NextToken: page.next }),
  };
}

function actionsOf({ settings }: Alarm): readonly string[] {
  return Object.values(actionsOn).flatMap((name) => settings[name] ?? []);
}

function shown(alarm: Alarm): MetricAlarm {
  const { settings } = alarm;
  return {
    ...settings,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: alarm.configuredAt,
    ActionsEnabled: settings.ActionsEnabled ?? true,
    OKActions: settings.OKActions ?? [],
    AlarmActions: settings.AlarmActions ?? [],
    InsufficientDataActions: settings.InsufficientDataActions ?? [],
    Dimensions: settings.Dimensions ?? [],
    StateValue: alarm.state,
    StateReason: alarm.reason,
    ...(alarm.reasonData !== null && { StateReasonData: alarm.reasonData }),
    StateUpdatedTimestamp: alarm.changedAt,
    StateTransitionedTimestamp: alarm.changedAt,
  };
}

export function describeAlarmHistory(
  alarms: Alarms,
  input: DescribeAlarmHistoryCommandInput,
  call: Call,
): DescribeAlarmHistoryOutput {
  supportOnly('DescribeAlarmHistory', input, [
    'AlarmName',
    'AlarmTypes',
    'HistoryItemType',
    'StartDate',
    'EndDate',
    'MaxRecords',
    'NextToken',
    'ScanBy',
  ]);
  const { AlarmName, EndDate, HistoryItemType, MaxRecords = 50, StartDate } = input;
  const wanted = alarms
    .history(call)
    .filter(
      ({ alarmName, at, type }) =>
        (AlarmName ?? alarmName) === alarmName &&
        (HistoryItemType ?? type) === type &&
        (StartDate ?? at) <= at &&
        (EndDate ?? at) >= at,
    )
    .map((item, index) => ({ item, index }));
  // The newest come first unless told; what happened at once stays in its order.
  if (input.ScanBy !== 'TimestampAscending') wanted.reverse();
  const size = { token: input.NextToken, size: MaxRecords };
  const page = pageOf(wanted, size, ({ index }) => String(index));
  if (!page) throw invalidToken();
  return {
    AlarmHistoryItems: page.items.map(({ item }) => historyItem(item)),
    ...(page.next && { NextToken: page.next }),
  };
}

function historyItem({ alarmName, at, data, summary, type }: HistoryItem) {
  return {
    AlarmName: alarmName,
    AlarmType: 'MetricAlarm' as const,
    Timestamp: at,
    HistoryItemType: type,
    HistorySummary: summary,
    HistoryData: JSON.stringify(data),
  };
}

export function setAlarmState(
  alarms: Alarms,
  input: SetAlarmStateCommandInput,
  call: Call,
): object {
  const alarm = alarms.find(call, input.AlarmName ?? '');
  if (!alarm) throw alarmMissing();
  const { StateReason: reason, StateReasonData: data = null, StateValue: state } = input;
  if (!state || !['OK', 'ALARM', 'INSUFFICIENT_DATA'].includes(state)) {
    throw new AwsError('ValidationError', `Invalid StateValue: ${state}`);
  }
  if (reason === undefined) throw new AwsError('ValidationError', 'StateReason is required');
  if (data !== null) assertJson(data);
  alarms.setState(alarm, { state, reason, data });
  return {};
}

function assertJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    const error = new AwsError('InvalidFormatFault', 'StateReasonData is not JSON');
    error.cause = cause;
    throw error;
  }
}

function invalidToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The next token specified is invalid.');
}
