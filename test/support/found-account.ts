import type { Found, FoundCertificate, FoundListener } from '#cli/prepare/init/facts.ts';
import { listenerArn } from './fleet.ts';
import { inDays } from './healthy.ts';

export const home = { account: '123456789012', region: 'us-east-1' };

/** An imported RSA certificate for www.example.com with twelve days left. */
export function importedCertificate(change: Partial<FoundCertificate> = {}): FoundCertificate {
  const { region = home.region } = change;
  return {
    arn: `arn:aws:acm:${region}:${home.account}:certificate/1`,
    ...{ region, origin: 'imported', names: ['www.example.com'], keyAlgorithm: 'RSA_2048' },
    notAfter: inDays(12),
    usedBy: [],
    ...change,
  };
}

/** The HTTPS listener of an Application Load Balancer. */
export function foundListener(
  balancer: string,
  change: Partial<FoundListener> = {},
): FoundListener {
  const { region = home.region } = change;
  const arn = listenerArn(balancer, '1', { ...home, region });
  const [balancerPart = ''] = /app\/[^/]+\/[^/]+/.exec(arn) ?? [];
  const prefix = `arn:aws:elasticloadbalancing:${region}:${home.account}:loadbalancer`;
  return {
    ...{ kind: 'alb', region, balancer, balancerArn: `${prefix}/${balancerPart}`, port: 443 },
    ...{ arn, default: null, list: [] },
    ...change,
  };
}

/** The listener of a Classic Load Balancer. */
export function foundClassic(balancer: string, certificate: string): FoundListener {
  const prefix = `arn:aws:elasticloadbalancing:${home.region}:${home.account}:loadbalancer`;
  const classic = { kind: 'clb', arn: null, balancerArn: `${prefix}/${balancer}` } as const;
  return foundListener(balancer, { ...classic, default: certificate });
}

/** An account with the zone of example.com. */
export function foundAccount(change: Partial<Found> = {}): Found {
  return {
    ...{ account: home.account, regions: [home.region], certificates: [], listeners: [] },
    zones: [{ id: 'Z1', name: 'example.com', records: 9 }],
    unseen: [],
    ...change,
  };
}
