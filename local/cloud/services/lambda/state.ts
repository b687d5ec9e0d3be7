import type { InvocationResult } from '../../runtime/invocation-result.ts';
import type { Queue } from '../sqs/queue.ts';

/** A function as CreateFunction or its last update left it; a change replaces the object. */
export type DeployedFunction = {
  /** `certkeep-issue`. */
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Contains `index.mjs`, which exports `handler`. */
  readonly codeDirectory: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly architecture: 'arm64' | 'x86_64';
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly logGroup: string;
  /** The network that it runs in; null where it has none of its own. */
  readonly network: FunctionNetwork | null;
};

type FunctionNetwork = {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
};

/** Polls a queue for a function, one message at a time. */
export type EventSourceMapping = {
  readonly id: string;
  readonly queueArn: string;
  readonly functionArn: string;
  /** Null for no maximum. */
  readonly maxConcurrency: number | null;
};

/** Settings for asynchronous invocations that fail. */
export type EventInvokeConfig = {
  readonly maxRetries: number;
  readonly maxAgeMs: number;
  /** The queue for abandoned invocations. */
  readonly onFailureArn: string | null;
};

/** Runs the functions. */
export type Runner = {
  /** `invokedArn` is the function's, or that of the invoked alias. */
  invoke(
    deployed: DeployedFunction,
    event: unknown,
    invokedArn?: string,
  ): Promise<InvocationResult>;
  invokeLater(deployed: DeployedFunction, event: unknown, invokedArn?: string): void;
};

export type LambdaState = {
  /** Functions by ARN. */
  readonly functions: Map<string, DeployedFunction>;
  /** A function's ARN by the ARN of its alias. Each alias points to the latest deployment. */
  readonly aliases: Map<string, string>;
  /** Mappings by id. */
  readonly mappings: Map<string, EventSourceMapping>;
  /** Settings by the function's ARN. */
  readonly invokeConfigs: Map<string, EventInvokeConfig>;
  readonly queue: (arn: string) => Queue | null;
  /** The runtime sets it. */
  runner: Runner | null;
};

/** The stage that a function is, by which people, tests and faults call it: `issue` for `certkeep-issue`. */
export function stageOf({ name }: Pick<DeployedFunction, 'name'>): string {
  return name.split('-').at(-1) ?? name;
}
