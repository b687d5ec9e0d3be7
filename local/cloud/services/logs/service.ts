import * as module from '@aws-sdk/client-cloudwatch-logs';
import { type Clock, systemClock } from '../../clock.ts';
import { arnOf } from '../../wire/arn.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError, type Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { describeLogGroups, describeLogStreams } from './describe.ts';
import { filterLogEvents, getLogEvents } from './read.ts';
import { type LogGroup, withoutOld } from './state.ts';

/** The groups of CloudWatch Logs, and what functions write to them. */
export type Logs = {
  readonly operations: Operations;
  createLogGroup(place: Place, name: string, retentionDays: number | null): LogGroup;
  putRetentionPolicy(arn: string, retentionDays: number | null): void;
  deleteLogGroup(arn: string): void;
  find(place: Place, name: string): LogGroup | null;
  /** PutLogEvents for the runtime, whose rights it has checked. A line for a group that does not exist is lost. */
  write(place: Place, to: { readonly group: string; readonly stream: string }, line: string): void;
};

/** PutRetentionPolicy, "retentionInDays". */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

export function logs(
  options: {
    readonly clock?: Clock;
    /** Receives every line that is kept: some hold metrics. */
    readonly onLine?: (place: Place, line: string) => void;
  } = {},
): Logs {
  const { clock = systemClock, onLine } = options;
  const groups = new Map<string, LogGroup>();
  let written = 0;
  const groupArn = (place: Place, name: string) => arnOf('logs', place, `log-group:${name}`);
  const find = (place: Place, name: string) => groups.get(groupArn(place, name)) ?? null;
  const state = {
    find,
    now: () => clock.now(),
    all: ({ account, region }: Place) =>
      [...groups.values()]
        .filter((each) => each.account === account && each.region === region)
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  };

  return {
    operations: {
      DescribeLogGroups: (input, call) => describeLogGroups(state, input, call),
      DescribeLogStreams: (input, call) => describeLogStreams(state, input, call),
      FilterLogEvents: (input, call) => filterLogEvents(state, input, call),
      GetLogEvents: (input, call) => getLogEvents(state, input, call),
    },
    createLogGroup({ region, account }, name, retentionDays) {
      const arn = groupArn({ region, account }, name);
      if (groups.has(arn)) {
        throw new AwsError(
          'ResourceAlreadyExistsException',
          `The specified log group already exists: ${name}`,
        );
      }
      const group = {
        name,
        arn,
        account,
        region,
        retentionDays: checked(retentionDays),
        createdAt: clock.now(),
        events: [],
      };
      groups.set(arn, group);
      return group;
    },
    putRetentionPolicy(arn, retentionDays) {
      const group = groups.get(arn);
      if (group) groups.set(arn, { ...group, retentionDays: checked(retentionDays) });
    },
    deleteLogGroup: (arn) => void groups.delete(arn),
    find,
    write(place, { group: name, stream }, line) {
      const group = find(place, name);
      if (!group) return;
      written += 1;
      group.events.push({ id: String(written).padStart(56, '0'), stream, at: clock.now(), line });
      withoutOld(group, clock.now());
      onLine?.(place, line);
    },
  };
}

export function logsService({ operations }: Logs): RunningService {
  return serviceOf('logs', module, module.CloudWatchLogsClient, operations);
}

function checked(days: number | null): number | null {
  if (days === null || retentions.includes(days)) return days;
  throw new AwsError('InvalidParameterException', `${days} days are no retention that there is`);
}
