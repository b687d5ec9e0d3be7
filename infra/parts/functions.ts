import { RemovalPolicy } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type FunctionName, functionNames } from '#functions/names.ts';
import type { Names } from '../names.ts';
import { functionTimeout } from '../pace.ts';
import type { Statement } from '../rights/statement.ts';
import { createRole } from './role.ts';

/** Half of what a vCPU comes with; RSA keys and hundreds of handshakes are what takes time here. */
const memorySize = 512;

export type Functions = Readonly<Record<FunctionName, LambdaFunction>>;

export function createFunctions(
  scope: Construct,
  given: {
    readonly names: Names;
    /** The directory of each bundle. */
    readonly code: ReadonlyMap<FunctionName, string>;
    readonly environment: (name: FunctionName) => Record<string, string>;
    readonly rights: (name: FunctionName) => readonly Statement[];
    readonly logRetention: RetentionDays;
  },
): Functions {
  const created = functionNames.map((name) => [name, createFunction(scope, name, given)]);
  return Object.fromEntries(created);
}

function createFunction(
  scope: Construct,
  name: FunctionName,
  given: Parameters<typeof createFunctions>[1],
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
    name: names.role(name),
    description: `What the function ${names.function(name)} may do.`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    rights: given.rights(name),
  });
  return new LambdaFunction(scope, `${id}Function`, {
    functionName: names.function(name),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(code),
    role: role.withoutPolicyUpdates(),
    logGroup,
    timeout: functionTimeout,
    memorySize,
    environment: { ...given.environment(name), NODE_OPTIONS: '--enable-source-maps' },
  });
}
