import type { ChangeResourceRecordSetsCommandInput } from '@aws-sdk/client-route-53';
import type { Clock } from '../../clock.ts';
import type { Call, Operations } from '../../wire/service.ts';
import { metered } from '../metered.ts';
import { type Rate, type TokenBucket, takeFromAll, tokenBucket } from '../token-bucket.ts';

export type Route53Rates = {
  readonly requests: Rate;
  /** Additional rates of single actions. */
  readonly actions: Readonly<Record<string, Rate>>;
  /** The rate of record sets that are created or deleted; an upsert counts twice. */
  readonly changes: Rate;
};

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/throttling-api-requests.html: rates per account. */
const route53Rates: Route53Rates = {
  requests: { burst: 50, perSecond: 10 },
  actions: { CreateHostedZone: { burst: 40, perSecond: 2 } },
  changes: { burst: 1_500, perSecond: 100 },
};

/** Meters the requests of an account. */
export function meteredRoute53(
  operations: Operations,
  {
    clock,
    rates = route53Rates,
  }: { readonly clock: Clock; readonly rates?: Route53Rates | undefined },
): Operations {
  const known = new Map<string, TokenBucket>();

  function bucketOf({ account }: Call, name: string, rate: Rate): TokenBucket {
    const key = `${account} ${name}`;
    const bucket = known.get(key) ?? tokenBucket({ ...rate, clock });
    known.set(key, bucket);
    return bucket;
  }

  return metered(operations, (operation, input, call) => {
    const own = rates.actions[operation];
    return takeFromAll([
      [bucketOf(call, 'requests', rates.requests), 1],
      [bucketOf(call, 'changes', rates.changes), changesIn(input as Changing)],
      ...(own ? [[bucketOf(call, operation, own), 1] as const] : []),
    ]);
  });
}

type Changing = Partial<ChangeResourceRecordSetsCommandInput>;

function changesIn({ ChangeBatch }: Changing): number {
  const changes = ChangeBatch?.Changes ?? [];
  return changes.reduce((sum, { Action }) => sum + (Action === 'UPSERT' ? 2 : 1), 0);
}
