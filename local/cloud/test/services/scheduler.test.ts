import { Scheduler } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { minuteMs } from '#cloud/clock.ts';
import { callerOptions } from '#cloud/kit/client-options.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';
import { type Lab, lab, resource } from '../fixtures/stacks.ts';

const at = 'us-east-1:000000000000';
const Target = {
  Arn: `arn:aws:lambda:${at}:function:certkeep-check`,
  RoleArn: 'arn:aws:iam::000000000000:role/schedule',
  Input: '{"sweep":true}',
};
const deployed = {
  Name: 'check',
  GroupName: 'certkeep',
  Description: 'Checks.',
  ScheduleExpression: 'rate(10 minutes)',
  FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } as const,
};

let clock: VirtualClock;
let aws: Lab;
let scheduler: Scheduler;
beforeEach(async () => {
  clock = virtualClock();
  aws = await lab(clock);
  scheduler = new Scheduler(callerOptions(aws.cloud));
  const Group = resource('Scheduler::ScheduleGroup', { Name: 'certkeep' });
  const schedule = (Name: string) =>
    resource('Scheduler::Schedule', { ...deployed, Name, Target }, { DependsOn: ['Group'] });
  aws.deploy({ Resources: { Group, Check: schedule('check'), Verify: schedule('verify') } });
});
afterEach(() => aws.cloud.close());

test('a schedule is shown as the template has it', async () => {
  expect(await scheduler.getSchedule({ GroupName: 'certkeep', Name: 'check' })).toMatchObject({
    ...deployed,
    Arn: `arn:aws:scheduler:${at}:schedule/certkeep/check`,
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED',
    Target: { ...Target, RetryPolicy: { MaximumRetryAttempts: 185 } },
    CreationDate: new Date('2026-11-22T03:00:00Z'),
  });
});

test('schedules are listed by group and state', async () => {
  await scheduler.updateSchedule({ ...deployed, Target, State: 'DISABLED' });
  const namesOf = async (input: object) =>
    (await scheduler.listSchedules(input)).Schedules?.map(({ Name }) => Name);
  expect(await namesOf({})).toEqual(['check', 'verify']);
  expect(await namesOf({ GroupName: 'certkeep', State: 'ENABLED' })).toEqual(['verify']);
  expect(await namesOf({ GroupName: 'default' })).toEqual([]);
});

test('an update leaves nothing of what was there but its time of creation', async () => {
  clock.advance(minuteMs);
  const { Description, ...others } = deployed;
  await scheduler.updateSchedule({ ...others, Target, State: 'DISABLED' });
  const shown = await scheduler.getSchedule({ GroupName: 'certkeep', Name: 'check' });
  expect(shown).toMatchObject({
    State: 'DISABLED',
    CreationDate: new Date('2026-11-22T03:00:00Z'),
    LastModificationDate: new Date('2026-11-22T03:01:00Z'),
  });
  expect(shown.Description).toBeUndefined();
});

test('a schedule that is not there is neither shown nor changed', async () => {
  const missing = { name: 'ResourceNotFoundException' };
  await expect(scheduler.getSchedule({ Name: 'check' })).rejects.toMatchObject(missing);
  const other = { ...deployed, Target, Name: 'other' };
  await expect(scheduler.updateSchedule(other)).rejects.toMatchObject(missing);
});

test('an end of a schedule is refused, not ignored', async () => {
  const input = { ...deployed, Target, EndDate: new Date() };
  await expect(scheduler.updateSchedule(input)).rejects.toMatchObject({ name: 'NotImplemented' });
});
