import type { Listener, LoadBalancerDescription } from '@aws-sdk/client-elastic-load-balancing';
import type { ClassicBalancer, ClassicListener } from './state.ts';

export function describedBalancer(classic: ClassicBalancer): LoadBalancerDescription {
  return {
    LoadBalancerName: classic.name,
    DNSName: classic.dnsName,
    CanonicalHostedZoneName: classic.dnsName,
    CanonicalHostedZoneNameID: 'Z35SXDOTRQ7X7K',
    ListenerDescriptions: classic.listeners.map(describedListener),
    AvailabilityZones: [...classic.zones],
    Subnets: [...classic.subnets],
    SecurityGroups: [...classic.securityGroups],
    VPCId: 'vpc-0local',
    Instances: [],
    CreatedTime: classic.createdAt,
    Scheme: classic.scheme,
  };
}

function describedListener(listener: ClassicListener): {
  Listener: Listener;
  PolicyNames: string[];
} {
  const certificate = listener.certificates?.latest().default;
  return {
    Listener: {
      Protocol: listener.protocol,
      LoadBalancerPort: listener.port,
      InstanceProtocol: listener.instanceProtocol,
      InstancePort: listener.instancePort,
      ...(certificate && { SSLCertificateId: certificate.arn }),
    },
    PolicyNames: certificate ? ['ELBSecurityPolicy-2016-08'] : [],
  };
}
