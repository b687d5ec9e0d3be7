import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';
import type { Schedule } from '#cloud/services/scheduler/service.ts';

const at = 'us-east-1:000000000000';

/** The schedule that the visited cloud has, in the group `visited`. */
export const visitedSchedule: Schedule = {
  name: 'check',
  arn: `arn:aws:scheduler:${at}:schedule/visited/check`,
  groupArn: `arn:aws:scheduler:${at}:schedule-group/visited`,
  account: '000000000000',
  enabled: true,
  everyMs: 600_000,
  windowMs: 0,
  target: {
    arn: `arn:aws:lambda:${at}:function:certkeep-echo`,
    roleArn: 'arn:aws:iam::000000000000:role/visited',
    input: {},
    deadLetterArn: null,
  },
  shown: { ScheduleExpression: 'rate(10 minutes)' },
};

export async function visitScheduler(aws: AwsCommand): Promise<void> {
  const run = (operation: string, ...args: readonly string[]) =>
    aws.run('scheduler', operation, ...args);
  const { Schedules } = await run('ListSchedules', '--group-name', 'visited');
  expect(Schedules).toMatchObject([{ Name: 'check', State: 'ENABLED' }]);
  const named = ['--group-name', 'visited', '--name', 'check'];
  const { arn: Arn, roleArn: RoleArn } = visitedSchedule.target;
  const same = [
    '--schedule-expression',
    'rate(10 minutes)',
    '--flexible-time-window',
    'Mode=OFF',
    '--target',
    JSON.stringify({ Arn, RoleArn, Input: '{}' }),
  ];
  await run('UpdateSchedule', ...named, ...same, '--state', 'DISABLED');
  expect(await run('GetSchedule', ...named)).toMatchObject({
    State: 'DISABLED',
    ScheduleExpression: 'rate(10 minutes)',
  });
}
