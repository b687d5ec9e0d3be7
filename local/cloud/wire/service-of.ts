import type { Operations } from './service.ts';

/** A service behind the front: its behaviour, and the SDK client whose schemas describe its wire format. */
export type RunningService = {
  readonly id:
    | 'acm'
    | 'apigateway'
    | 'cloudfront'
    | 'cloudwatch'
    | 'elb'
    | 'elbv2'
    | 'events'
    | 'iam'
    | 'lambda'
    | 'logs'
    | 'route53'
    | 's3'
    | 'scheduler'
    | 'secretsmanager'
    | 'sns'
    | 'sqs'
    | 'ssm'
    | 'sts'
    | 'tagging';
  /** Creates a client of the SDK, of which only the protocol is used; it sends nothing. */
  readonly client: () => unknown;
  /** The SDK client's module: its exports hold the schemas of operations and errors. */
  readonly module: Readonly<Record<string, unknown>>;
  readonly operations: Operations;
};

/** Wires one service's behaviour to its SDK client: `serviceOf('acm', acmModule, ACMClient, operations)`. */
export function serviceOf(
  id: RunningService['id'],
  module: Readonly<Record<string, unknown>>,
  // biome-ignore lint/suspicious/noExplicitAny: the constructors of the SDK's clients share no type
  Client: new (configuration: any) => unknown,
  operations: Operations,
): RunningService {
  return { id, module, operations, client: () => new Client({ region: 'us-east-1' }) };
}
