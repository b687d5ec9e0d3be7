import * as module from '@aws-sdk/client-scheduler';
import { type Clock, dayMs, minuteMs, systemClock } from '../../clock.ts';
import { arnOf } from '../../wire/arn.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError, type Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { getSchedule, listSchedules, updateSchedule } from './operations.ts';
import type { Schedule, SchedulerState } from './state.ts';

export type { Schedule } from './state.ts';

/** Groups and schedules of EventBridge Scheduler. The runtime starts what is due. */
export type Scheduler = {
  readonly operations: Operations;
  createScheduleGroup(place: Place, name: string): string;
  deleteScheduleGroup(arn: string): void;
  groupArn(place: Place, name: string): string;
  createSchedule(schedule: Schedule): void;
  updateSchedule(schedule: Schedule): void;
  deleteSchedule(arn: string): void;
  readonly schedules: ReadonlyMap<string, Schedule>;
};

export function scheduler({ clock = systemClock }: { readonly clock?: Clock } = {}): Scheduler {
  const groups = new Set<string>();
  const schedules = new Map<string, Schedule>();
  const times = new Map<string, { readonly createdAt: Date; readonly changedAt: Date }>();
  const groupArn = (place: Place, name: string) =>
    arnOf('scheduler', place, `schedule-group/${name}`);

  function put(schedule: Schedule): void {
    const { arn, everyMs, groupArn: group, name, windowMs } = schedule;
    if (!/^[\w.-]{1,64}$/.test(name)) throw invalid(`the name ${name}`);
    if (!groups.has(group)) {
      throw new AwsError('ResourceNotFoundException', `Schedule group ${group} does not exist.`);
    }
    if (everyMs < minuteMs) throw invalid(`${name}: a rate of less than a minute`);
    if (windowMs !== 0 && (windowMs < minuteMs || windowMs > dayMs)) {
      throw invalid(`${name}: MaximumWindowInMinutes`);
    }
    schedules.set(arn, schedule);
    const now = clock.now();
    times.set(arn, { createdAt: times.get(arn)?.createdAt ?? now, changedAt: now });
  }

  function remove(arn: string): void {
    schedules.delete(arn);
    times.delete(arn);
  }

  const state: SchedulerState = {
    groupArn,
    schedules,
    updateSchedule: put,
    timesOf: (arn) => times.get(arn) ?? { createdAt: clock.now(), changedAt: clock.now() },
  };

  return {
    operations: {
      GetSchedule: (input, call) => getSchedule(state, input, call),
      ListSchedules: (input, call) => listSchedules(state, input, call),
      UpdateSchedule: (input, call) => updateSchedule(state, input, call),
    },
    groupArn,
    createScheduleGroup(place, name) {
      const arn = groupArn(place, name);
      if (groups.has(arn)) throw conflict(`Schedule group ${name}`);
      groups.add(arn);
      return arn;
    },
    deleteScheduleGroup(arn) {
      groups.delete(arn);
      for (const schedule of schedules.values()) {
        if (schedule.groupArn === arn) remove(schedule.arn);
      }
    },
    createSchedule(schedule) {
      if (schedules.has(schedule.arn)) throw conflict(`Schedule ${schedule.name}`);
      put(schedule);
    },
    updateSchedule: put,
    deleteSchedule: remove,
    schedules,
  };
}

export function schedulerService({ operations }: Scheduler): RunningService {
  return serviceOf('scheduler', module, module.SchedulerClient, operations);
}

function conflict(what: string): AwsError {
  return new AwsError('ConflictException', `${what} already exists.`, 409);
}

function invalid(what: string): AwsError {
  return new AwsError('ValidationException', `Invalid ${what}.`);
}
