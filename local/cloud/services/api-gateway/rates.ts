import type { Clock } from '../../clock.ts';
import { isOperator } from '../../operator.ts';
import { AwsError, type Call, type Operations } from '../../wire/service.ts';
import { type Rate, tokenBucket } from '../token-bucket.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html, none of which can be raised. */
const all: Rate = { perSecond: 10, burst: 40 };
const rareEverySeconds = 30;
const rare: Rate = { perSecond: 1 / rareEverySeconds, burst: 1 };
const rareOperations = ['CreateDomainName', 'UpdateDomainName'];

/** Meters the control plane of each account and region. The operator's and CloudFormation's calls are not metered. */
export function meteredGateway(operations: Operations, clock: Clock): Operations {
  const buckets = new Map<string, ReturnType<typeof tokenBucket>>();
  const bucketOf = (call: Call, what: string, rate: Rate) => {
    const key = `${call.account}/${call.region} ${what}`;
    const bucket = buckets.get(key) ?? tokenBucket({ ...rate, clock });
    buckets.set(key, bucket);
    return bucket;
  };
  return Object.fromEntries(
    Object.entries(operations).map(([operation, behaviour]) => [
      operation,
      (input: unknown, call: Call) => {
        if (isOperator(call.accessKeyId)) return behaviour(input, call);
        const isRare = rareOperations.includes(operation);
        if (isRare && !bucketOf(call, operation, rare).take()) throw tooMany(rareEverySeconds);
        if (!bucketOf(call, 'all', all).take()) throw tooMany(1);
        return behaviour(input, call);
      },
    ]),
  );
}

/** The header is in the model of the error. */
function tooMany(retryAfterSeconds: number): AwsError {
  return new AwsError('TooManyRequestsException', 'Too Many Requests', 429, {
    'retry-after': String(retryAfterSeconds),
  });
}
