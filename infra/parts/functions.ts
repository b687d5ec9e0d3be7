import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import {
  type BundleName,
  type FunctionName,
  functionNames,
  type ResourceNames,
} from '#shared/installation.ts';
import type { Statement } from '../rights/statement.ts';
import { functionTimeout } from '../timings.ts';
import { createRole } from './role.ts';

/** This much memory comes with a share of a vCPU; RSA keys and hundreds of handshakes take the time here. */
const memorySize = 512;

/**
 * A whole vCPU (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html) for those that read and parse every
 * record. A run of 10,000 certificates whose knowledge was lost takes half the time, and a month costs some cents more
 * (docs/performance.md, "What a check reads").
 */
export const memoryOfLooks = 1_769;
const looksAtAll: readonly BundleName[] = ['check', 'verify'];

/**
 * These functions continue by sending themselves messages, and Lambda would stop a chain after about 16
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html): a certificate with thousands of listeners needs
 * more.
 */
const goOnByMessage: readonly BundleName[] = ['issue', 'deploy', 'verify'];

export type Functions = Readonly<Record<FunctionName, LambdaFunction>>;

type Common = {
  readonly names: ResourceNames;
  /** The directory of each bundle. */
  readonly code: ReadonlyMap<BundleName, string>;
  readonly logRetention: RetentionDays;
};

export function createFunctions(
  scope: Construct,
  given: Common & {
    readonly environment: (name: FunctionName) => Record<string, string>;
    readonly rights: (name: FunctionName) => readonly Statement[];
  },
): Functions {
  const created = functionNames.map((name) => {
    const [environment, rights] = [given.environment(name), given.rights(name)];
    const made = { ...given, environment, rights, timeout: functionTimeout };
    return [name, createFunction(scope, name, made)];
  });
  return Object.fromEntries(created);
}

/** A function with its own role and log group. */
export function createFunction(
  scope: Construct,
  name: BundleName,
  given: Common & {
    readonly environment: Record<string, string>;
    readonly rights: readonly Statement[];
    readonly timeout: Duration;
    /** Where the name of its function is no name for a role of the account. */
    readonly roleName?: string;
  },
): LambdaFunction {
  const { names } = given;
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    logGroupName: names.logGroup(name),
    retention: given.logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const code = given.code.get(name);
  if (!code) throw new Error(`there is no code for the function ${name}`);
  const role = createRole(scope, `${id}Role`, {
    name: given.roleName ?? names.role(name),
    description: `The permissions of the function ${names.function(name)}.`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    rights: given.rights,
  });
  return new LambdaFunction(scope, `${id}Function`, {
    functionName: names.function(name),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(code),
    role: role.withoutPolicyUpdates(),
    logGroup,
    timeout: given.timeout,
    memorySize: looksAtAll.includes(name) ? memoryOfLooks : memorySize,
    ...(goOnByMessage.includes(name) && { recursiveLoop: RecursiveLoop.ALLOW }),
    environment: { ...given.environment, NODE_OPTIONS: '--enable-source-maps' },
  });
}
