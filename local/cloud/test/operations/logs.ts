import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

/** The line that the visited cloud has in its log. */
export const visitedLine = {
  group: '/aws/lambda/visited',
  stream: '2026/11/22/[$LATEST]0a1b',
  line: '{"message":"run failed"}',
};

export async function visitLogs(aws: AwsCommand): Promise<void> {
  const run = (operation: string, ...args: readonly string[]) =>
    aws.run('logs', operation, ...args);
  const { group, line, stream } = visitedLine;
  const of = ['--log-group-name', group];
  const { logGroups } = await run('DescribeLogGroups', '--log-group-name-prefix', '/aws/lambda');
  expect(logGroups).toMatchObject([{ logGroupName: group, retentionInDays: 7 }]);
  const { logStreams } = await run('DescribeLogStreams', ...of);
  expect(logStreams).toMatchObject([{ logStreamName: stream }]);
  const { events } = await run('FilterLogEvents', ...of, '--filter-pattern', '"run failed"');
  expect(events).toMatchObject([{ logStreamName: stream, message: line }]);
  const read = await run('GetLogEvents', ...of, '--log-stream-name', stream);
  expect(read.events).toMatchObject([{ message: line }]);
}
