import type { ListenerKind } from '../elbv2/listener-kind.ts';

export const nlbKind = {
  type: 'nlb',
  title: 'Network Load Balancer',
  form: 'net',
  protocol: 'TLS',
  // "Certificates per Network Load Balancer", adjustable. The page leaves no default out, as that of Application Load
  // Balancers does: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html.
  quota: { code: 'L-52964454', certificates: 25, countsDefaults: true },
} as const satisfies ListenerKind;
