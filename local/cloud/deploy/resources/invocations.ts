import * as z from 'zod';
import { secondMs } from '../../clock.ts';
import { functionArnOf, putInvokeConfig } from '../../services/lambda/functions.ts';
import { putMapping } from '../../services/lambda/mappings.ts';
import { provider } from '../provider.ts';

const mappingProperties = z.strictObject({
  /** The functions of certkeep take one message at a time, and so does the runtime. */
  BatchSize: z.literal(1),
  Enabled: z.literal(true).optional(),
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.number() }).optional(),
});

export const eventSourceMapping = provider<z.output<typeof mappingProperties>>({
  properties: mappingProperties,
  identity: ['EventSourceArn'],
  put({ EventSourceArn, FunctionName, ScalingConfig }, { call, cloud, madeName }, before) {
    const id = before?.placed.ref ?? madeName;
    putMapping(cloud.lambda, {
      id,
      queueArn: EventSourceArn,
      functionArn: functionArnOf(FunctionName, call),
      maxConcurrency: ScalingConfig?.MaximumConcurrency ?? null,
    });
    return { ref: id, attributes: { Id: id } };
  },
  remove({ placed }, { cloud }) {
    cloud.lambda.mappings.delete(placed.ref);
  },
});

const invokeConfigProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumEventAgeInSeconds: z.number().default(21_600),
  MaximumRetryAttempts: z.number().default(2),
  DestinationConfig: z
    .strictObject({
      OnFailure: z.strictObject({
        Destination: z.string().regex(/:sqs:/, 'only a queue is known'),
      }),
    })
    .optional(),
});

export const eventInvokeConfig = provider<z.output<typeof invokeConfigProperties>>({
  properties: invokeConfigProperties,
  identity: ['FunctionName'],
  put(properties, { call, cloud, madeName }) {
    putInvokeConfig(cloud.lambda, functionArnOf(properties.FunctionName, call), {
      maxAgeMs: properties.MaximumEventAgeInSeconds * secondMs,
      maxRetries: properties.MaximumRetryAttempts,
      onFailureArn: properties.DestinationConfig?.OnFailure.Destination ?? null,
    });
    return { ref: madeName };
  },
  remove({ properties }, { call, cloud }) {
    cloud.lambda.invokeConfigs.delete(functionArnOf(properties.FunctionName, call));
  },
});

const permissionProperties = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

export const permission = provider<z.output<typeof permissionProperties>>({
  properties: permissionProperties,
  identity: ['FunctionName'],
  put(properties, { call, cloud, logicalId, madeName }, before) {
    const { Action, FunctionName, Principal, SourceAccount, SourceArn } = properties;
    const arn = functionArnOf(FunctionName, call);
    const sid = before?.placed.ref ?? madeName;
    const conditions = {
      ...(SourceArn && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
      ...(SourceAccount && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
    };
    cloud.policies.putStatement(arn, sid, {
      Sid: logicalId,
      Effect: 'Allow',
      Principal: Principal.includes('.amazonaws.com') ? { Service: Principal } : { AWS: Principal },
      Action,
      Resource: arn,
      ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
    });
    return { ref: sid, attributes: { Id: sid } };
  },
  remove({ placed, properties }, { call, cloud }) {
    cloud.policies.putStatement(functionArnOf(properties.FunctionName, call), placed.ref, null);
  },
});
