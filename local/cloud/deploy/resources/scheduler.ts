import * as z from 'zod';
import { minuteMs } from '../../clock.ts';
import { rateMs } from '../../services/scheduler/rate.ts';
import { arnOf } from '../../wire/arn.ts';
import { provider } from '../provider.ts';

const groupProperties = z.strictObject({ Name: z.string().optional() });

export const scheduleGroup = provider<z.output<typeof groupProperties>>({
  properties: groupProperties,
  identity: ['Name'],
  put({ Name }, { call, cloud, madeName }, before) {
    if (before) return before.placed;
    const ref = Name ?? madeName;
    return { ref, attributes: { Arn: cloud.scheduler.createScheduleGroup(call, ref) } };
  },
  remove({ placed }, { cloud }) {
    cloud.scheduler.deleteScheduleGroup(placed.attributes?.Arn ?? '');
  },
});

const scheduleProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  GroupName: z.string(),
  ScheduleExpression: z.string(),
  /** It has no effect on a rate. */
  ScheduleExpressionTimezone: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: z.discriminatedUnion('Mode', [
    z.strictObject({ Mode: z.literal('OFF') }),
    z.strictObject({ Mode: z.literal('FLEXIBLE'), MaximumWindowInMinutes: z.number() }),
  ]),
  Target: z.strictObject({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().default('{}'),
    /** Here an asynchronous invocation is accepted at the first try, or refused for good. */
    RetryPolicy: z
      .strictObject({
        MaximumEventAgeInSeconds: z.number().optional(),
        MaximumRetryAttempts: z.number().optional(),
      })
      .optional(),
    DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
  }),
});

export const schedule = provider<z.output<typeof scheduleProperties>>({
  properties: scheduleProperties,
  identity: ['Name', 'GroupName'],
  put(properties, { call, cloud, madeName }, before) {
    const { FlexibleTimeWindow: window, GroupName, State, Target } = properties;
    const name = properties.Name ?? madeName;
    const wanted = {
      name,
      arn: arnOf('scheduler', call, `schedule/${GroupName}/${name}`),
      groupArn: cloud.scheduler.groupArn(call, GroupName),
      account: call.account,
      enabled: State === 'ENABLED',
      everyMs: rateMs(properties.ScheduleExpression),
      windowMs: window.Mode === 'OFF' ? 0 : window.MaximumWindowInMinutes * minuteMs,
      target: {
        arn: Target.Arn,
        roleArn: Target.RoleArn,
        input: JSON.parse(Target.Input),
        deadLetterArn: Target.DeadLetterConfig?.Arn ?? null,
      },
      shown: {
        Description: properties.Description,
        ScheduleExpression: properties.ScheduleExpression,
        ScheduleExpressionTimezone: properties.ScheduleExpressionTimezone,
        RetryPolicy: Target.RetryPolicy,
      },
    };
    if (before) cloud.scheduler.updateSchedule(wanted);
    else cloud.scheduler.createSchedule(wanted);
    return { ref: name, attributes: { Arn: wanted.arn } };
  },
  remove({ placed }, { cloud }) {
    cloud.scheduler.deleteSchedule(placed.attributes?.Arn ?? '');
  },
});
