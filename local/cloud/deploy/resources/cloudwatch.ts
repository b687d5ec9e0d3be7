import * as z from 'zod';
import type { AlarmSettings } from '../../services/cloudwatch/alarm.ts';
import { provider } from '../provider.ts';

const dimensions = z.array(z.strictObject({ Name: z.string(), Value: z.string() }));

const query = z.strictObject({
  Id: z.string(),
  Expression: z.string().optional(),
  Label: z.string().optional(),
  MetricStat: z
    .strictObject({
      Metric: z.strictObject({
        Namespace: z.string().optional(),
        MetricName: z.string().optional(),
        Dimensions: dimensions.optional(),
      }),
      Period: z.number(),
      Stat: z.string(),
      Unit: z.string().optional(),
    })
    .optional(),
  Period: z.number().optional(),
  ReturnData: z.boolean().optional(),
});

const properties = z.strictObject({
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().optional(),
  ActionsEnabled: z.boolean().optional(),
  OKActions: z.array(z.string()).optional(),
  AlarmActions: z.array(z.string()).optional(),
  InsufficientDataActions: z.array(z.string()).optional(),
  MetricName: z.string().optional(),
  Namespace: z.string().optional(),
  Statistic: z.string().optional(),
  Dimensions: dimensions.optional(),
  Period: z.number().optional(),
  Unit: z.string().optional(),
  Metrics: z.array(query).optional(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number().optional(),
  Threshold: z.number().optional(),
  ComparisonOperator: z.string(),
  TreatMissingData: z.string().optional(),
});

/** Its Ref is its name. What the values may be is for CloudWatch to say. */
export const alarm = provider<z.output<typeof properties>>({
  properties,
  identity: ['AlarmName'],
  put(given, { call, cloud, madeName }, before) {
    const AlarmName = given.AlarmName ?? before?.placed.ref ?? madeName;
    const { arn } = cloud.cloudwatch.alarms.put(call, { ...given, AlarmName } as AlarmSettings);
    return { ref: AlarmName, attributes: { Arn: arn } };
  },
  remove({ placed }, { cloud }) {
    cloud.cloudwatch.alarms.delete(placed.attributes?.Arn ?? '');
  },
});
