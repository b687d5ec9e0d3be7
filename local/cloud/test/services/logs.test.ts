import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayMs, minuteMs } from '#cloud/clock.ts';
import { callerOptions } from '#cloud/kit/client-options.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';
import { call, type Lab, lab } from '../fixtures/stacks.ts';

const logGroupName = '/aws/lambda/certkeep-check';

let clock: VirtualClock;
let aws: Lab;
let logs: CloudWatchLogs;
beforeAll(async () => {
  clock = virtualClock();
  aws = await lab(clock);
  logs = new CloudWatchLogs(callerOptions(aws.cloud));
  aws.cloud.logs.createLogGroup(call, logGroupName, 7);
  aws.cloud.logs.createLogGroup(call, '/aws/lambda/certkeep-issue', null);
  write('plain text about shop', 'a');
  clock.advance(minuteMs);
  write('{"message":"run failed","outcome":"AccessDenied","durationMs":120}', 'a');
  clock.advance(minuteMs);
  write('{"message":"run ended","outcome":"ok","durationMs":80}', 'b');
});
afterAll(() => aws.cloud.close());

function write(line: string, stream: string, group = logGroupName): void {
  aws.cloud.logs.write(call, { group, stream }, line);
}

async function found(filterPattern: string, more: object = {}): Promise<readonly string[]> {
  const { events } = await logs.filterLogEvents({ logGroupName, filterPattern, ...more });
  return events?.map(({ message = '' }) => message.slice(0, 20)) ?? [];
}

const [plain, failed, ended] = [
  'plain text about sho',
  '{"message":"run fail',
  '{"message":"run ende',
];

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
test.each<[string, readonly (string | undefined)[]]>([
  ['', [plain, failed, ended]],
  ['run', [failed, ended]],
  ['"run failed"', [failed]],
  ['run -failed', [ended]],
  ['?shop ?ended', [plain, ended]],
  ['{ $.outcome = "AccessDenied" }', [failed]],
  ['{ $.outcome != "AccessDenied" }', [ended]],
  ['{ $.outcome = Access* }', [failed]],
  ['{ $.durationMs > 100 }', [failed]],
  ['{ $.durationMs <= 120 && $.message = "run*" }', [failed, ended]],
  ['{ ($.outcome = "ok") || ($.durationMs = 120) }', [failed, ended]],
  ['{ $.outcome = "ok" || $.outcome = "none" && $.durationMs = 80 }', [ended]],
  ['{ ($.outcome = "none" || $.outcome = "AccessDenied") && $.durationMs = 80 }', []],
  ['{ $.message = "run (failed) || ended" || $.outcome=ok }', [ended]],
])('the pattern %s finds %j', async (pattern, lines) => {
  expect(await found(pattern)).toEqual(lines);
});

test.each([
  '[ip, user]',
  '%regular%',
  '{ $.a IS NULL }',
  '{ $.a = 1 || }',
  '{ ($.a = 1 }',
  '{ $.a = 1 $.b = 2 }',
])('the pattern %s is refused, not guessed', async (pattern) => {
  await expect(found(pattern)).rejects.toMatchObject({ name: 'NotImplemented' });
});

test('lines are found by time and stream, page by page', async () => {
  const startTime = new Date('2026-11-22T03:01:00Z').getTime();
  expect(await found('', { startTime })).toEqual([failed, ended]);
  expect(await found('', { endTime: startTime })).toEqual([plain, failed]);
  expect(await found('', { logStreamNames: ['b'] })).toEqual([ended]);
  const { events, nextToken } = await logs.filterLogEvents({ logGroupName, limit: 2 });
  expect(events).toHaveLength(2);
  expect(await found('', { nextToken })).toEqual([ended]);
});

test('a page holds at most a megabyte, and as many lines as are asked for', async () => {
  const large = { group: 'large', stream: 'a' };
  aws.cloud.logs.createLogGroup(call, large.group, null);
  for (const _ of [1, 2, 3]) aws.cloud.logs.write(call, large, 'x'.repeat(500_000));
  const first = await logs.filterLogEvents({ logGroupName: large.group });
  expect(first.events).toHaveLength(2);
  const { nextToken } = first;
  const second = await logs.filterLogEvents({ logGroupName: large.group, nextToken });
  expect([second.events?.length, second.nextToken]).toEqual([1, undefined]);
  await expect(found('', { limit: 10_001 })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('a stream is read from its end, or from its head', async () => {
  const stream = { logGroupName, logStreamName: 'a', limit: 1 };
  const last = await logs.getLogEvents(stream);
  expect(last.events?.[0]?.message).toContain('run failed');
  const first = await logs.getLogEvents({ ...stream, startFromHead: true });
  expect(first.events?.[0]?.message).toContain('plain text');
  const second = await logs.getLogEvents({ ...stream, nextToken: first.nextForwardToken });
  expect(second.events?.[0]?.message).toContain('run failed');
  const end = await logs.getLogEvents({ ...stream, nextToken: second.nextForwardToken });
  expect([end.events, end.nextForwardToken]).toEqual([[], second.nextForwardToken]);
});

test('groups have their retention, and streams the times of their lines', async () => {
  const { logGroups } = await logs.describeLogGroups({ logGroupNamePrefix: '/aws/lambda/' });
  expect(
    logGroups?.map(({ logGroupName: name, retentionInDays }) => [name, retentionInDays]),
  ).toEqual([
    [logGroupName, 7],
    ['/aws/lambda/certkeep-issue', undefined],
  ]);
  const { logStreams } = await logs.describeLogStreams({
    logGroupName,
    orderBy: 'LastEventTime',
    descending: true,
  });
  expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(['b', 'a']);
});

test('a group or stream that is not there is an error', async () => {
  const missing = { name: 'ResourceNotFoundException' };
  await expect(logs.filterLogEvents({ logGroupName: 'none' })).rejects.toMatchObject(missing);
  const stream = { logGroupName, logStreamName: 'none' };
  await expect(logs.getLogEvents(stream)).rejects.toMatchObject(missing);
});

test('a line for a group that is gone is lost, and what is older than the retention is gone', async () => {
  const [brief, long] = ['brief', 'long'];
  aws.cloud.logs.createLogGroup(call, brief, 1);
  aws.cloud.logs.createLogGroup(call, long, null);
  for (const group of [brief, long, 'none']) write('a line', 'a', group);
  clock.advance(2 * dayMs);
  const linesOf = async (name: string) =>
    (await logs.filterLogEvents({ logGroupName: name })).events?.length;
  expect([await linesOf(brief), await linesOf(long)]).toEqual([0, 1]);
  await expect(linesOf('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
