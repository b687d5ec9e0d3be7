import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { secondMs } from '../../clock.ts';
import { arnOf } from '../../wire/arn.ts';
import { AwsError } from '../../wire/service.ts';
import type { Queue } from '../sqs/queue.ts';
import type { DeployedFunction, EventInvokeConfig, LambdaState } from './state.ts';

/** Lambda quotas: "Environment variables: 4 KB, for all environment variables associated with the function". */
const largestEnvironmentBytes = 4_096;
const longestTimeoutMs = 900 * secondMs;

/** CreateFunction and UpdateFunctionConfiguration in one. */
export function putFunction(state: LambdaState, deployed: DeployedFunction): void {
  const { name, codeDirectory, environment, memoryMb, timeoutMs } = deployed;
  if (!/^[\w-]{1,64}$/.test(name)) throw invalid(`the function name ${name}`);
  if (timeoutMs < secondMs || timeoutMs > longestTimeoutMs) throw invalid(`${name}: Timeout`);
  if (memoryMb < 128 || memoryMb > 10_240) throw invalid(`${name}: MemorySize`);
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  if (bytes > largestEnvironmentBytes) {
    throw invalid(
      `${name}: Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit (${bytes} bytes)`,
    );
  }
  const file = join(codeDirectory, 'index.mjs');
  if (!existsSync(file)) throw invalid(`${name}: there is no ${file}`);
  for (const { functionArn, queueArn } of state.mappings.values()) {
    const queue = functionArn === deployed.arn ? state.queue(queueArn) : null;
    if (queue) assertVisibility(queue, deployed);
  }
  state.functions.set(deployed.arn, deployed);
}

/** A message must not return while the function may still work on it. */
export function assertVisibility(queue: Queue, { name, timeoutMs }: DeployedFunction): void {
  const visibilitySeconds = Number(queue.attributes().VisibilityTimeout);
  if (visibilitySeconds * secondMs >= timeoutMs) return;
  throw invalid(
    `${queue.name}: Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutMs / secondMs} seconds (${name})`,
  );
}

export function deleteFunction(state: LambdaState, arn: string): void {
  state.functions.delete(arn);
  for (const [alias, of] of state.aliases) if (of === arn) state.aliases.delete(alias);
  state.invokeConfigs.delete(arn);
}

/** PutFunctionEventInvokeConfig: "a maximum age between 60 and 21600, and a maximum of 2 retries". */
export function putInvokeConfig(state: LambdaState, arn: string, config: EventInvokeConfig): void {
  functionAt(state, arn);
  const { maxAgeMs, maxRetries } = config;
  if (maxAgeMs < 60 * secondMs || maxAgeMs > 21_600 * secondMs) {
    throw invalid('MaximumEventAgeInSeconds');
  }
  if (![0, 1, 2].includes(maxRetries)) throw invalid('MaximumRetryAttempts');
  state.invokeConfigs.set(arn, config);
}

export function functionAt({ functions }: LambdaState, arn: string): DeployedFunction {
  const found = functions.get(arn);
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
}

/** CreateAlias: a name must not be a number, which would mean a version. Returns the ARN. */
export function putAlias(state: LambdaState, functionArn: string, name: string): string {
  functionAt(state, functionArn);
  if (!/^(?!\d+$)[\w-]{1,128}$/.test(name)) throw invalid(`the alias name ${name}`);
  const arn = `${functionArn}:${name}`;
  state.aliases.set(arn, functionArn);
  return arn;
}

/** The function that a caller invokes, and the ARN in its context. @throws AwsError where the alias does not exist */
export function invokedAt(
  state: LambdaState,
  {
    FunctionName = '',
    Qualifier,
  }: { FunctionName?: string | undefined; Qualifier?: string | undefined },
  place: { readonly region: string; readonly account: string },
): { readonly deployed: DeployedFunction; readonly invokedArn: string } {
  const { name, qualifier: derived } = partsOf(FunctionName);
  if (derived && Qualifier && derived !== Qualifier) {
    throw invalid(
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  const arn = arnOf('lambda', place, `function:${name}`);
  const qualifier = Qualifier ?? derived;
  const deployed = functionAt(state, arn);
  if (!qualifier || qualifier === '$LATEST') return { deployed, invokedArn: arn };
  const invokedArn = `${arn}:${qualifier}`;
  if (state.aliases.has(invokedArn)) return { deployed, invokedArn };
  throw new AwsError('ResourceNotFoundException', `Function not found: ${invokedArn}`, 404);
}

/** The ARN for a name, a partial ARN (`000000000000:function:certkeep-check`) or a full one, each with an optional qualifier. */
export function functionArnOf(
  nameOrArn: string,
  place: { readonly region: string; readonly account: string },
): string {
  return arnOf('lambda', place, `function:${partsOf(nameOrArn).name}`);
}

/** Parses `name`, `name:alias`, and both after `account:function:` or `arn:…:function:`. */
export function partsOf(nameOrArn: string): {
  readonly name: string;
  readonly qualifier: string | null;
} {
  const short = nameOrArn.replace(/^(?:arn:[\w-]+:lambda:[\w-]+:)?(?:\d{12}:)?function:/, '');
  const [name = '', qualifier = null] = short.split(':');
  return { name, qualifier };
}

export function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterValueException', what);
}
