import {
  DescribeLoadBalancersCommand,
  type ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import type { Place } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';

const named = serviceCalls({ service: 'ELB', stage: 'import' });

/**
 * Returns the ARNs of the Classic Load Balancers of the place that hold a certificate. IAM tells nobody who uses one, and
 * says that a deletion may stop a load balancer that does (API_DeleteServerCertificate.html).
 */
export async function classicUsers(
  client: ElasticLoadBalancingClient,
  { account, region }: Place,
  arn: string,
): Promise<readonly string[]> {
  const prefix = `arn:${partitionOf(region)}:elasticloadbalancing:${region}:${account}:loadbalancer/`;
  const users: string[] = [];
  let Marker: string | undefined;
  do {
    const command = new DescribeLoadBalancersCommand({ PageSize: 400, ...(Marker && { Marker }) });
    const page = await named('DescribeLoadBalancers', 'of the region', () => client.send(command));
    for (const { LoadBalancerName, ListenerDescriptions } of page.LoadBalancerDescriptions ?? []) {
      const holds = ListenerDescriptions?.some(
        ({ Listener }) => Listener?.SSLCertificateId === arn,
      );
      if (holds && LoadBalancerName) users.push(`${prefix}${LoadBalancerName}`);
    }
    Marker = page.NextMarker;
  } while (Marker);
  return users;
}
