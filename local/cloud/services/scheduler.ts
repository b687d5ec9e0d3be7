import { dayMs, hourMs, minuteMs } from '../clock.ts';
import { arnOf } from '../wire/arn.ts';
import { AwsError } from '../wire/service.ts';

/** A schedule as CreateSchedule or its last update left it; a change replaces the object. */
export type Schedule = {
  readonly name: string;
  readonly arn: string;
  readonly groupArn: string;
  readonly account: string;
  readonly enabled: boolean;
  readonly everyMs: number;
  /** Each occurrence begins somewhere in this time; 0 means at once. */
  readonly windowMs: number;
  readonly target: {
    readonly arn: string;
    readonly roleArn: string;
    readonly input: unknown;
    readonly deadLetterArn: string | null;
  };
};

type Place = { readonly account: string; readonly region: string };

/** Groups and schedules of EventBridge Scheduler. The runtime starts what is due. */
export type Scheduler = {
  createScheduleGroup(place: Place, name: string): string;
  deleteScheduleGroup(arn: string): void;
  groupArn(place: Place, name: string): string;
  createSchedule(schedule: Schedule): void;
  updateSchedule(schedule: Schedule): void;
  deleteSchedule(arn: string): void;
  readonly schedules: ReadonlyMap<string, Schedule>;
};

export function scheduler(): Scheduler {
  const groups = new Set<string>();
  const schedules = new Map<string, Schedule>();
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
  }

  return {
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
        if (schedule.groupArn === arn) schedules.delete(schedule.arn);
      }
    },
    createSchedule(schedule) {
      if (schedules.has(schedule.arn)) throw conflict(`Schedule ${schedule.name}`);
      put(schedule);
    },
    updateSchedule: put,
    deleteSchedule: (arn) => void schedules.delete(arn),
    schedules,
  };
}

const units: Readonly<Record<string, number>> = { minute: minuteMs, hour: hourMs, day: dayMs };

/** Parses `rate(10 minutes)`; other expressions are unknown here. */
export function rateMs(expression: string): number {
  const [, value, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = units[unit];
  if (unitMs && Number(value) > 0) return Number(value) * unitMs;
  throw new AwsError('NotImplemented', `local: the schedule ${expression} is not implemented`, 501);
}

function conflict(what: string): AwsError {
  return new AwsError('ConflictException', `${what} already exists.`, 409);
}

function invalid(what: string): AwsError {
  return new AwsError('ValidationException', `Invalid ${what}.`);
}
