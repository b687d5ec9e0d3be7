import type { Listener, LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Alb, AlbListener } from './model.ts';

export function describedBalancer(alb: Alb): LoadBalancer {
  return {
    LoadBalancerArn: alb.arn,
    DNSName: alb.dnsName,
    CanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
    CreatedTime: alb.createdAt,
    LoadBalancerName: alb.name,
    Scheme: alb.scheme,
    VpcId: 'vpc-0local',
    State: { Code: 'active' },
    Type: 'application',
    AvailabilityZones: zones(alb),
    SecurityGroups: [...alb.securityGroups],
    IpAddressType: 'ipv4',
  };
}

function zones({ region, subnets }: Alb) {
  return ['a', 'b'].map((letter, index) => ({
    ZoneName: `${region}${letter}`,
    SubnetId: subnets[index] ?? `subnet-0local${letter}`,
    LoadBalancerAddresses: [],
  }));
}

/** Names the default certificate only; DescribeListenerCertificates returns the SNI list. */
export function describedListener(listener: AlbListener): Listener {
  const { tls } = listener;
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.balancer.arn,
    Port: listener.port,
    Protocol: tls ? 'HTTPS' : 'HTTP',
    DefaultActions: [...listener.actions],
    ...(tls && {
      Certificates: [{ CertificateArn: tls.certificates.latest().default.arn }],
      SslPolicy: tls.policy,
    }),
  };
}
