import type { InvocationResult } from '#local/runtime/invocation-result.ts';
import type { Queue } from '../sqs/queue.ts';

/** A function as CreateFunction or a later update left it; a change makes a new object of it. */
export type DeployedFunction = {
  /** `certkeep-issue`. */
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Holds `index.mjs`, which exports `handler`. */
  readonly codeDirectory: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly architecture: 'arm64' | 'x86_64';
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly logGroup: string;
};

/** What polls a queue for a function, one message at a time. */
export type EventSourceMapping = {
  readonly id: string;
  readonly queueArn: string;
  readonly functionArn: string;
  /** Null for as many as Lambda likes. */
  readonly maxConcurrency: number | null;
};

/** What becomes of asynchronous invocations that fail. */
export type EventInvokeConfig = {
  readonly maxRetries: number;
  readonly maxAgeMs: number;
  /** The queue that takes what was given up on. */
  readonly onFailureArn: string | null;
};

/** What runs the functions. */
export type Runner = {
  /** `invokedArn` is the function's, or that of the alias which was asked. */
  invoke(
    deployed: DeployedFunction,
    event: unknown,
    invokedArn?: string,
  ): Promise<InvocationResult>;
  invokeLater(deployed: DeployedFunction, event: unknown, invokedArn?: string): void;
};

export type LambdaState = {
  /** By ARN. */
  readonly functions: Map<string, DeployedFunction>;
  /** By the ARN of an alias: that of its function. Each stands for what was deployed last. */
  readonly aliases: Map<string, string>;
  /** By id. */
  readonly mappings: Map<string, EventSourceMapping>;
  /** By the function's ARN. */
  readonly invokeConfigs: Map<string, EventInvokeConfig>;
  readonly queue: (arn: string) => Queue | null;
  /** Set by the runtime. */
  runner: Runner | null;
};

/** The part of the path that a function is, by which people, tests and faults know it: `issue` of `certkeep-issue`. */
export function stageOf({ name }: Pick<DeployedFunction, 'name'>): string {
  return name.split('-').at(-1) ?? name;
}
