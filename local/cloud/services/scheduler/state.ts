import type { RetryPolicy, UpdateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import type { Place } from '../../wire/place.ts';

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
  /** What it is shown with, and which has no effect here. */
  readonly shown?: Pick<
    UpdateScheduleCommandInput,
    'Description' | 'ScheduleExpression' | 'ScheduleExpressionTimezone'
  > & { readonly RetryPolicy?: RetryPolicy | undefined };
};

/** What operations see of the schedules. */
export type SchedulerState = {
  groupArn(place: Place, name: string): string;
  updateSchedule(schedule: Schedule): void;
  readonly schedules: ReadonlyMap<string, Schedule>;
  /** When a schedule was created, and changed last. */
  timesOf(arn: string): { readonly createdAt: Date; readonly changedAt: Date };
};
