import {
  type Certificate,
  ElasticLoadBalancingV2Client,
  type Listener,
  type LoadBalancer,
  paginateDescribeListenerCertificates,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type ClientOptions, paced } from '#shared/aws/clients.ts';
import { albKind } from '#shared/targets/alb/kind.ts';
import type { ListenerKind } from '#shared/targets/elbv2/listener-kind.ts';
import { nlbKind } from '#shared/targets/nlb/kind.ts';
import { turns } from '#shared/targets/turns.ts';
import { systemClock } from '#shared/time/clock.ts';
import type { FoundListener } from '../facts.ts';

/** ELB answers ten Describe calls a second for the whole account and region; half of them are left to others. */
const callsPerSecond = 5;
const callsAtOnce = 10;

/** By what ELB calls a load balancer. A Gateway Load Balancer has no certificates. */
const kinds: Readonly<Record<string, ListenerKind>> = { application: albKind, network: nlbKind };

/** Every HTTPS or TLS listener of an Application or Network Load Balancer in a region. */
export async function arnListeners(options: ClientOptions): Promise<readonly FoundListener[]> {
  const turn = turns(systemClock, callsPerSecond, callsAtOnce);
  const client = new ElasticLoadBalancingV2Client(paced(options, () => turn.take(1)));
  const balancers: LoadBalancer[] = [];
  for await (const page of paginateDescribeLoadBalancers({ client }, {})) {
    balancers.push(...(page.LoadBalancers ?? []));
  }
  const found: FoundListener[] = [];
  for (const balancer of balancers) {
    const { LoadBalancerArn, Type = '' } = balancer;
    const kind = kinds[Type];
    if (!kind) continue;
    for await (const page of paginateDescribeListeners({ client }, { LoadBalancerArn })) {
      const secure = (page.Listeners ?? []).filter(({ Protocol }) => Protocol === kind.protocol);
      for (const each of secure) {
        found.push({ ...(await foundListener(client, balancer, each)), kind: kind.type });
      }
    }
  }
  return found.map((each) => ({ ...each, region: options.region }));
}

async function foundListener(
  client: ElasticLoadBalancingV2Client,
  { LoadBalancerArn = '', LoadBalancerName = '' }: LoadBalancer,
  { ListenerArn = '', Port = 443 }: Listener,
): Promise<Omit<FoundListener, 'kind'>> {
  const all: Certificate[] = [];
  // DescribeListeners shows the default alone.
  for await (const page of paginateDescribeListenerCertificates({ client }, { ListenerArn })) {
    all.push(...(page.Certificates ?? []));
  }
  const standard = all.find(({ IsDefault }) => IsDefault)?.CertificateArn ?? null;
  const list = all.flatMap(({ CertificateArn, IsDefault }) =>
    CertificateArn && !IsDefault ? [CertificateArn] : [],
  );
  return {
    ...{ region: '', balancer: LoadBalancerName, balancerArn: LoadBalancerArn },
    ...{ port: Port, arn: ListenerArn, default: standard, list },
  };
}
