import type { Listener, LoadBalancer, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Alb, type AlbListener, type AlbRule, idOf } from './state.ts';

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

export function ruleArns({ arn }: AlbListener): string {
  return arn.replace(':listener/', ':listener-rule/');
}

export function describedRules(listener: AlbListener): readonly Rule[] {
  return [...listener.rules.latest().map(describedRule), defaultRule(listener)];
}

export function defaultRuleArn(listener: AlbListener): string {
  return `${ruleArns(listener)}/${idOf(`${listener.arn} default`)}`;
}

export function defaultRule(listener: AlbListener): Rule {
  return {
    RuleArn: defaultRuleArn(listener),
    Priority: 'default',
    Conditions: [],
    Actions: [...listener.actions],
    IsDefault: true,
  };
}

/** Returns values in both forms, whichever the caller used. */
export function describedRule({ arn, priority, conditions, actions }: AlbRule): Rule {
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
