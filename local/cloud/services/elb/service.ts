import type { LoadBalancers } from '../../load-balancers/load-balancers.ts';
import type { Operations } from '../../wire/service.ts';
import type { CertificateSource } from '../elb-certificates.ts';
import { type ElbRates, meteredElb } from '../elb-rates.ts';
import type { TagSource } from '../tagging/source.ts';
import { createLoadBalancer, describeLoadBalancers } from './balancers.ts';
import { setLoadBalancerListenerSslCertificate } from './listeners.ts';
import type { ElbState } from './state.ts';
import { addTags, describeTags } from './tags.ts';

export type ElbOptions = CertificateSource & {
  /** `serverCertificates().find`; without it IAM has none. */
  readonly findInIam?: NonNullable<ElbState['findInIam']>;
  readonly balancers: LoadBalancers;
  /** The quota of Classic load balancers in a region; 20 by default. */
  readonly maxBalancers?: number;
  /** AWS's documented rates by default. */
  readonly rates?: ElbRates;
};

export type Elb = {
  readonly operations: Operations;
  /** The tags of a load balancer by its ARN, for any caller; null where there is none. */
  tagsOf(arn: string): ReadonlyMap<string, string> | null;
} & TagSource;

/** Classic Elastic Load Balancing: one certificate per listener, no SNI, no TLS 1.3. */
export function elb(options: ElbOptions): Elb {
  const state: ElbState = {
    ...options,
    maxBalancers: options.maxBalancers ?? 20,
    classics: new Map(),
  };
  const operations: Operations = {
    CreateLoadBalancer: (input, call) => createLoadBalancer(state, input, call),
    DescribeLoadBalancers: (input, call) => describeLoadBalancers(state, input, call),
    SetLoadBalancerListenerSSLCertificate: (input, call) =>
      setLoadBalancerListenerSslCertificate(state, input, call),
    AddTags: (input, call) => addTags(state, input, call),
    DescribeTags: (input, call) => describeTags(state, input, call),
  };
  return {
    operations: meteredElb(operations, options),
    tagsOf: (arn) => state.classics.get(arn)?.tags ?? null,
    taggedIn: ({ account, region }) =>
      [...state.classics.values()].filter(
        (each) => each.account === account && each.region === region,
      ),
  };
}
