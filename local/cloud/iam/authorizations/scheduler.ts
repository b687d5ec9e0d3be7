import type { UpdateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import { onAll, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html */
export const schedulerTable: Table = {
  GetSchedule: (input: Named, asker) => [
    { action: 'scheduler:GetSchedule', resource: scheduleArn(input, asker) },
  ],
  ListSchedules: onAll('scheduler:ListSchedules'),
  // The role of the target is passed on to Scheduler.
  UpdateSchedule: (input: UpdateScheduleCommandInput, asker) => [
    { action: 'scheduler:UpdateSchedule', resource: scheduleArn(input, asker) },
    {
      action: 'iam:PassRole',
      resource: input.Target?.RoleArn ?? '',
      context: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    },
  ],
};

type Named = { readonly GroupName?: string | undefined; readonly Name?: string | undefined };

function scheduleArn({ GroupName = 'default', Name = '' }: Named, asker: Asker): string {
  return arnOf('scheduler', asker, `schedule/${GroupName}/${Name}`);
}
