import type {
  GetScheduleCommandInput,
  GetScheduleOutput,
  ListSchedulesCommandInput,
  ListSchedulesOutput,
  UpdateScheduleCommandInput,
  UpdateScheduleOutput,
} from '@aws-sdk/client-scheduler';
import { minuteMs } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { notImplemented } from '../not-implemented.ts';
import { pageOf } from '../pages.ts';
import { rateMs } from './rate.ts';
import type { Schedule, SchedulerState } from './state.ts';

const usualGroup = 'default';

export function getSchedule(
  state: SchedulerState,
  input: GetScheduleCommandInput,
  call: Call,
): GetScheduleOutput {
  const schedule = existing(state, input, call);
  const { shown, target } = schedule;
  const { changedAt, createdAt } = state.timesOf(schedule.arn);
  return {
    ...common(schedule),
    Description: shown?.Description,
    ScheduleExpression: shown?.ScheduleExpression,
    ScheduleExpressionTimezone: shown?.ScheduleExpressionTimezone ?? 'UTC',
    FlexibleTimeWindow:
      schedule.windowMs === 0
        ? { Mode: 'OFF' }
        : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: schedule.windowMs / minuteMs },
    Target: {
      Arn: target.arn,
      RoleArn: target.roleArn,
      Input: JSON.stringify(target.input),
      // CreateSchedule, "RetryPolicy": a day, and 185 times.
      RetryPolicy: {
        MaximumEventAgeInSeconds: shown?.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400,
        MaximumRetryAttempts: shown?.RetryPolicy?.MaximumRetryAttempts ?? 185,
      },
      ...(target.deadLetterArn !== null && { DeadLetterConfig: { Arn: target.deadLetterArn } }),
    },
    CreationDate: createdAt,
    LastModificationDate: changedAt,
  };
}

export function listSchedules(
  state: SchedulerState,
  input: ListSchedulesCommandInput,
  call: Call,
): ListSchedulesOutput {
  supportOnly('ListSchedules', input, [
    'GroupName',
    'NamePrefix',
    'State',
    'MaxResults',
    'NextToken',
  ]);
  const { GroupName, MaxResults: size = 100, NamePrefix = '', State } = input;
  const here = state.groupArn(call, '');
  const found = [...state.schedules.values()]
    .filter(
      (schedule) =>
        schedule.groupArn.startsWith(here) &&
        (GroupName ?? groupOf(schedule)) === groupOf(schedule) &&
        schedule.name.startsWith(NamePrefix) &&
        (State ?? stateOf(schedule)) === stateOf(schedule),
    )
    .toSorted((one, other) => (one.arn < other.arn ? -1 : 1));
  const page = pageOf(found, { token: input.NextToken, size }, ({ arn }) => arn);
  if (!page) throw new AwsError('ValidationException', 'Invalid NextToken.');
  return {
    Schedules: page.items.map((schedule) => {
      const { changedAt, createdAt } = state.timesOf(schedule.arn);
      return {
        ...common(schedule),
        Target: { Arn: schedule.target.arn },
        CreationDate: createdAt,
        LastModificationDate: changedAt,
      };
    }),
    ...(page.next && { NextToken: page.next }),
  };
}

/** "UpdateSchedule uses all values, including empty values … to override the existing schedule": what is left out is reset. */
export function updateSchedule(
  state: SchedulerState,
  input: UpdateScheduleCommandInput,
  call: Call,
): UpdateScheduleOutput {
  supportOnly('UpdateSchedule', input, [
    'Name',
    'GroupName',
    'ScheduleExpression',
    'ScheduleExpressionTimezone',
    'Description',
    'State',
    'FlexibleTimeWindow',
    'Target',
    'ActionAfterCompletion',
    'ClientToken',
  ]);
  if (input.ActionAfterCompletion === 'DELETE') {
    throw notImplemented('UpdateSchedule', 'ActionAfterCompletion DELETE');
  }
  const { account, arn, groupArn, name } = existing(state, input, call);
  const { FlexibleTimeWindow: window, Target } = input;
  if (!window || !Target?.Arn || !Target.RoleArn) {
    throw new AwsError('ValidationException', 'FlexibleTimeWindow and Target are required.');
  }
  supportOnly('UpdateSchedule', Target, [
    'Arn',
    'RoleArn',
    'Input',
    'RetryPolicy',
    'DeadLetterConfig',
  ]);
  state.updateSchedule({
    name,
    arn,
    groupArn,
    account,
    enabled: (input.State ?? 'ENABLED') === 'ENABLED',
    everyMs: rateMs(input.ScheduleExpression ?? ''),
    windowMs: window.Mode === 'FLEXIBLE' ? (window.MaximumWindowInMinutes ?? 0) * minuteMs : 0,
    target: {
      arn: Target.Arn,
      roleArn: Target.RoleArn,
      input: inputOf(Target.Input),
      deadLetterArn: Target.DeadLetterConfig?.Arn ?? null,
    },
    shown: {
      Description: input.Description,
      ScheduleExpression: input.ScheduleExpression,
      ScheduleExpressionTimezone: input.ScheduleExpressionTimezone,
      RetryPolicy: Target.RetryPolicy,
    },
  });
  return { ScheduleArn: arn };
}

function inputOf(text = '{}'): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const error = new AwsError('ValidationException', 'Invalid Input: a function takes JSON.');
    error.cause = cause;
    throw error;
  }
}

function existing(
  state: SchedulerState,
  {
    GroupName = usualGroup,
    Name = '',
  }: { GroupName?: string | undefined; Name?: string | undefined },
  call: Call,
): Schedule {
  const groupArn = state.groupArn(call, GroupName);
  const found = [...state.schedules.values()].find(
    (schedule) => schedule.groupArn === groupArn && schedule.name === Name,
  );
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Schedule ${Name} does not exist.`, 404);
}

function common(schedule: Schedule) {
  const { arn: Arn, name: Name } = schedule;
  return { Arn, Name, GroupName: groupOf(schedule), State: stateOf(schedule) };
}

function groupOf({ groupArn }: Schedule): string {
  return groupArn.split('/').at(-1) ?? '';
}

function stateOf({ enabled }: Schedule): 'ENABLED' | 'DISABLED' {
  return enabled ? 'ENABLED' : 'DISABLED';
}
