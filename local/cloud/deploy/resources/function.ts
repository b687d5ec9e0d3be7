import * as z from 'zod';
import { secondMs } from '../../clock.ts';
import {
  deleteFunction,
  functionArnOf,
  putAlias,
  putFunction,
} from '../../services/lambda/functions.ts';
import { AwsError } from '../../wire/service.ts';
import { provider } from '../provider.ts';

const properties = z.strictObject({
  FunctionName: z.string().optional(),
  Description: z.string().optional(),
  Runtime: z.literal('nodejs24.x'),
  Handler: z.literal('index.handler'),
  Architectures: z.tuple([z.enum(['arm64', 'x86_64'])]).default(['x86_64']),
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Role: z.string(),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  // Chains of invocations are not tracked here.
  RecursiveLoop: z.enum(['Allow', 'Terminate']).optional(),
  Environment: z
    .strictObject({ Variables: z.record(z.string(), z.string()).default({}) })
    .default({ Variables: {} }),
  LoggingConfig: z.strictObject({ LogGroup: z.string() }).optional(),
  VpcConfig: z
    .strictObject({
      SubnetIds: z.array(z.string()).min(1).max(16),
      SecurityGroupIds: z.array(z.string()).min(1).max(5),
    })
    .optional(),
});

export const lambdaFunction = provider<z.output<typeof properties>>({
  properties,
  identity: ['FunctionName'],
  put(given, { call, cloud, directoryOf, madeName }) {
    const name = given.FunctionName ?? madeName;
    const arn = functionArnOf(name, call);
    const { S3Bucket, S3Key } = given.Code;
    const codeDirectory = directoryOf(S3Bucket, S3Key);
    if (codeDirectory === null) throw refused(`there is no code at s3://${S3Bucket}/${S3Key}`);
    if (!cloud.roles.hasRole(given.Role)) throw refused(`there is no role ${given.Role}`);
    putFunction(cloud.lambda, {
      name,
      arn,
      account: call.account,
      region: call.region,
      codeDirectory,
      timeoutMs: given.Timeout * secondMs,
      memoryMb: given.MemorySize,
      architecture: given.Architectures[0],
      environment: given.Environment.Variables,
      roleArn: given.Role,
      logGroup: given.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      network: given.VpcConfig
        ? {
            subnets: given.VpcConfig.SubnetIds,
            securityGroups: given.VpcConfig.SecurityGroupIds,
          }
        : null,
    });
    return { ref: name, attributes: { Arn: arn } };
  },
  remove({ placed }, { cloud }) {
    const arn = placed.attributes?.Arn ?? '';
    deleteFunction(cloud.lambda, arn);
    cloud.policies.put(arn, null);
  },
});

const aliasProperties = z.strictObject({
  Name: z.string(),
  FunctionName: z.string(),
  // Versions do not exist here.
  FunctionVersion: z.literal('$LATEST'),
  Description: z.string().optional(),
});

/** Its Ref is its ARN. */
export const lambdaAlias = provider<z.output<typeof aliasProperties>>({
  properties: aliasProperties,
  identity: ['FunctionName', 'Name'],
  put({ FunctionName, Name }, { call, cloud }) {
    const arn = putAlias(cloud.lambda, functionArnOf(FunctionName, call), Name);
    return { ref: arn, attributes: { AliasArn: arn } };
  },
  remove({ placed }, { cloud }) {
    cloud.lambda.aliases.delete(placed.ref);
  },
});

function refused(why: string): AwsError {
  return new AwsError('InvalidParameterValueException', why);
}
