import {
  ElasticLoadBalancingClient,
  type LoadBalancerDescription,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { partitionOf } from '#shared/region.ts';
import type { FoundListener } from '../facts.ts';

/** Every HTTPS or SSL listener of a Classic Load Balancer in a region. */
export async function classicListeners(
  options: ClientOptions,
  account: string,
): Promise<readonly FoundListener[]> {
  const client = new ElasticLoadBalancingClient(options);
  const { region } = options;
  const prefix = `arn:${partitionOf(region)}:elasticloadbalancing:${region}:${account}:loadbalancer`;
  const found: FoundListener[] = [];
  for await (const page of paginateDescribeLoadBalancers({ client }, {})) {
    for (const { ListenerDescriptions = [], LoadBalancerName = '' } of described(page)) {
      for (const { Listener } of ListenerDescriptions) {
        if (!Listener?.SSLCertificateId) continue;
        found.push({
          ...{ kind: 'clb', region, balancer: LoadBalancerName, arn: null, list: [] },
          balancerArn: `${prefix}/${LoadBalancerName}`,
          port: Listener.LoadBalancerPort ?? 443,
          default: Listener.SSLCertificateId,
        });
      }
    }
  }
  return found;
}

function described({
  LoadBalancerDescriptions = [],
}: {
  readonly LoadBalancerDescriptions?: readonly LoadBalancerDescription[] | undefined;
}): readonly LoadBalancerDescription[] {
  return LoadBalancerDescriptions;
}
