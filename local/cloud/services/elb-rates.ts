import type { Clock } from '../clock.ts';
import type { Call, Operations } from '../wire/service.ts';
import { metered } from './metered.ts';
import { type Rate, takeFromAll, tokenBucket } from './token-bucket.ts';

export type ElbRates = {
  /** The rate of actions whose name begins with Describe. */
  readonly describing: Rate;
  /** The rate of all other actions. */
  readonly changing: Rate;
  readonly all: Rate;
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html */
const elbRates: ElbRates = {
  describing: { burst: 40, perSecond: 10 },
  changing: { burst: 20, perSecond: 3 },
  all: { burst: 40, perSecond: 10 },
};

/**
 * Meters one version of ELB's API, for each account and region: "Each ELB API version has its own buckets and tokens".
 * CloudFormation's and the operator's calls take no tokens: "Services that call the Elastic Load Balancing API on your
 * behalf … do not consume tokens from your buckets" (the same page). That page names ThrottlingException; on the wire,
 * clients see `Throttling` (kubernetes-sigs/aws-load-balancer-controller #1871, #3167).
 */
export function meteredElb(
  operations: Operations,
  { clock, rates = elbRates }: { readonly clock: Clock; readonly rates?: ElbRates | undefined },
): Operations {
  const buckets = (rate: Rate) => perPlace(() => tokenBucket({ ...rate, clock }));
  const all = buckets(rates.all);
  const describing = buckets(rates.describing);
  const changing = buckets(rates.changing);

  return metered(operations, (operation, _, call) => {
    const kind = operation.startsWith('Describe') ? describing : changing;
    return takeFromAll([all, kind].map((bucketIn) => [bucketIn(call), 1] as const));
  });
}

function perPlace<T>(make: () => T): (call: Call) => T {
  const places = new Map<string, T>();
  return ({ account, region }) => {
    const key = `${account}/${region}`;
    const found = places.get(key) ?? make();
    places.set(key, found);
    return found;
  };
}
