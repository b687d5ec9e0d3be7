import type { Listener, LoadBalancer, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { idOf, type KnownBalancer, type KnownListener, type KnownRule } from './state.ts';

export function describedBalancer(balancer: KnownBalancer): LoadBalancer {
  return {
    LoadBalancerArn: balancer.arn,
    DNSName: balancer.dnsName,
    CanonicalHostedZoneId: balancer.type === 'network' ? 'Z26RNL4JYFTOTI' : 'Z35SXDOTRQ7X7K',
    CreatedTime: balancer.createdAt,
    LoadBalancerName: balancer.name,
    Scheme: balancer.scheme,
    VpcId: 'vpc-0local',
    State: { Code: 'active' },
    Type: balancer.type,
    AvailabilityZones: zones(balancer),
    SecurityGroups: [...balancer.securityGroups],
    IpAddressType: 'ipv4',
  };
}

function zones({ region, subnets }: KnownBalancer) {
  return ['a', 'b'].map((letter, index) => ({
    ZoneName: `${region}${letter}`,
    SubnetId: subnets[index] ?? `subnet-0local${letter}`,
    LoadBalancerAddresses: [],
  }));
}

/** Names the default certificate only; DescribeListenerCertificates returns the SNI list. */
export function describedListener(listener: KnownListener): Listener {
  const { tls } = listener;
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.balancer.arn,
    Port: listener.port,
    Protocol: listener.protocol,
    DefaultActions: [...listener.actions],
    ...(tls && {
      Certificates: [{ CertificateArn: tls.certificates.latest().default.arn }],
      SslPolicy: tls.policy,
    }),
    ...(listener.alpnPolicy.length > 0 && { AlpnPolicy: [...listener.alpnPolicy] }),
  };
}

export function ruleArns({ arn }: KnownListener): string {
  return arn.replace(':listener/', ':listener-rule/');
}

export function describedRules(listener: KnownListener): readonly Rule[] {
  return [...listener.rules.latest().map(describedRule), defaultRule(listener)];
}

export function defaultRuleArn(listener: KnownListener): string {
  return `${ruleArns(listener)}/${idOf(`${listener.arn} default`)}`;
}

export function defaultRule(listener: KnownListener): Rule {
  return {
    RuleArn: defaultRuleArn(listener),
    Priority: 'default',
    Conditions: [],
    Actions: [...listener.actions],
    IsDefault: true,
  };
}

/** Returns values in both forms, whichever the caller used. */
export function describedRule({ arn, priority, conditions, actions }: KnownRule): Rule {
  return {
    RuleArn: arn,
    Priority: String(priority),
    Conditions: conditions.map((condition) => ({
      ...condition,
      Values:
        condition.HostHeaderConfig?.Values ??
        condition.PathPatternConfig?.Values ??
        condition.Values,
    })),
    Actions: [...actions],
    IsDefault: false,
  };
}
