import type {
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsResponse,
  DescribeLogStreamsCommandInput,
  DescribeLogStreamsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { pageOf } from '../pages.ts';
import { groupAt, type LogEvent, type LogState, withoutOld } from './state.ts';

export function describeLogGroups(
  state: LogState,
  input: DescribeLogGroupsCommandInput,
  call: Call,
): DescribeLogGroupsResponse {
  supportOnly('DescribeLogGroups', input, [
    'logGroupNamePrefix',
    'logGroupNamePattern',
    'limit',
    'nextToken',
  ]);
  const { limit: size = 50, logGroupNamePattern = '', logGroupNamePrefix = '' } = input;
  const found = state
    .all(call)
    .filter(
      ({ name }) =>
        name.startsWith(logGroupNamePrefix) &&
        name.toLowerCase().includes(logGroupNamePattern.toLowerCase()),
    );
  const page = pageOf(found, { token: input.nextToken, size }, ({ name }) => name);
  if (!page) throw invalidToken();
  return {
    logGroups: page.items.map((group) => {
      withoutOld(group, state.now());
      return {
        logGroupName: group.name,
        arn: `${group.arn}:*`,
        logGroupArn: group.arn,
        logGroupClass: 'STANDARD' as const,
        creationTime: group.createdAt.getTime(),
        metricFilterCount: 0,
        storedBytes: group.events.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0),
        ...(group.retentionDays !== null && { retentionInDays: group.retentionDays }),
      };
    }),
    ...(page.next && { nextToken: page.next }),
  };
}

export function describeLogStreams(
  state: LogState,
  input: DescribeLogStreamsCommandInput,
  call: Call,
): DescribeLogStreamsResponse {
  supportOnly('DescribeLogStreams', input, [
    'logGroupName',
    'logGroupIdentifier',
    'logStreamNamePrefix',
    'orderBy',
    'descending',
    'limit',
    'nextToken',
  ]);
  const { descending = false, limit: size = 50, logStreamNamePrefix = '', orderBy } = input;
  const group = groupAt(state, input, call);
  const streams = new Map<string, LogEvent[]>();
  for (const event of group.events) {
    streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  }
  const sorted = [...streams]
    .filter(([name]) => name.startsWith(logStreamNamePrefix))
    .toSorted(([one, ones], [other, others]) =>
      orderBy === 'LastEventTime' ? lastMs(ones) - lastMs(others) : one < other ? -1 : 1,
    );
  if (descending) sorted.reverse();
  const page = pageOf(sorted, { token: input.nextToken, size }, ([name]) => name);
  if (!page) throw invalidToken();
  return {
    logStreams: page.items.map(([name, events]) => ({
      logStreamName: name,
      arn: `${group.arn}:log-stream:${name}`,
      creationTime: events[0]?.at.getTime(),
      firstEventTimestamp: events[0]?.at.getTime(),
      lastEventTimestamp: lastMs(events),
      lastIngestionTime: lastMs(events),
      storedBytes: 0,
    })),
    ...(page.next && { nextToken: page.next }),
  };
}

function lastMs(events: readonly LogEvent[]): number {
  return events.at(-1)?.at.getTime() ?? 0;
}

export function invalidToken(): AwsError {
  return new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
}
