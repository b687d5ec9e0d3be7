import { freePort } from '../../load-balancers/nodes.ts';
import { clientsOf } from './clients.ts';
import { type CloudUnderTest, uniqueName } from './cloud.ts';

type Existing = { readonly loadBalancerArn: string; readonly port: number };

/** An HTTPS listener with this default, on a load balancer of its own unless told. */
export async function createHttpsListener(
  cloud: CloudUnderTest,
  defaultArn: string | null,
  existing?: Existing,
) {
  const { elbv2 } = clientsOf(cloud);
  const loadBalancerArn = existing?.loadBalancerArn ?? (await createBalancer(cloud));
  const port = existing?.port ?? (await freePort());
  const { Listeners } = await elbv2.createListener({
    LoadBalancerArn: loadBalancerArn,
    Protocol: 'HTTPS',
    Port: port,
    ...(defaultArn !== null && { Certificates: [{ CertificateArn: defaultArn }] }),
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
  });
  return { loadBalancerArn, port, listenerArn: Listeners?.[0]?.ListenerArn as string };
}

/** A listener of a network load balancer of its own, for TLS unless told. */
export async function createTlsListener(
  cloud: CloudUnderTest,
  defaultArn: string | null,
  { protocol = 'TLS' }: { readonly protocol?: 'TLS' | 'TCP' | 'HTTPS' } = {},
) {
  const loadBalancerArn = await createBalancer(cloud, 'network');
  const { Listeners } = await clientsOf(cloud).elbv2.createListener({
    LoadBalancerArn: loadBalancerArn,
    Protocol: protocol,
    Port: await freePort(),
    ...(defaultArn !== null && { Certificates: [{ CertificateArn: defaultArn }] }),
    DefaultActions: [{ Type: 'forward' }],
  });
  return { loadBalancerArn, listenerArn: Listeners?.[0]?.ListenerArn as string };
}

async function createBalancer(
  cloud: CloudUnderTest,
  Type: 'application' | 'network' = 'application',
): Promise<string> {
  const { LoadBalancers } = await clientsOf(cloud).elbv2.createLoadBalancer({
    Name: uniqueName(Type === 'network' ? 'nlb' : 'alb'),
    Type,
    Subnets: await cloud.subnets(),
  });
  return LoadBalancers?.[0]?.LoadBalancerArn as string;
}

/** Pairs of an ARN and whether it is the default, the default first. */
export async function listedCertificates(cloud: CloudUnderTest, ListenerArn: string) {
  const { Certificates = [] } = await clientsOf(cloud).elbv2.describeListenerCertificates({
    ListenerArn,
  });
  return Certificates.map(({ CertificateArn, IsDefault }) => [CertificateArn, IsDefault ?? false]);
}

/** An HTTP listener that sends everybody to HTTPS, on a load balancer of its own. */
export async function createHttpListener(cloud: CloudUnderTest): Promise<string> {
  const { Listeners } = await clientsOf(cloud).elbv2.createListener({
    LoadBalancerArn: await createBalancer(cloud),
    Protocol: 'HTTP',
    Port: await freePort(),
    DefaultActions: [
      {
        Type: 'redirect',
        RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
      },
    ],
  });
  return Listeners?.[0]?.ListenerArn as string;
}
