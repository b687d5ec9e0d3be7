import type { ListenerKind } from '../elbv2/listener-kind.ts';

export const albKind = {
  type: 'alb',
  title: 'Application Load Balancer',
  form: 'app',
  protocol: 'HTTPS',
  // "Certificates per Application Load Balancer (not counting default certificates)", adjustable:
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html.
  quota: { code: 'L-9365A611', certificates: 25, countsDefaults: false },
} as const satisfies ListenerKind;
