import type { Found, FoundListener } from '../facts.ts';

/** A target as the configuration writes it, with what people call it. */
export type BoundTarget = {
  readonly name: string;
  readonly config:
    | {
        readonly type: 'alb' | 'nlb';
        readonly listener: string;
        readonly certificate: 'default' | 'sni' | 'both';
      }
    | {
        readonly type: 'clb';
        readonly loadBalancer: string;
        readonly port: number;
        readonly region: string;
      }
    | { readonly type: 'cloudfront'; readonly distribution: string };
};

/**
 * Returns the listeners that hold one of these certificates, the distributions among its users, and the ARNs of both as ACM
 * names them.
 */
export function targetsOf(
  { listeners }: Pick<Found, 'listeners'>,
  arns: readonly string[],
  usedBy: readonly string[],
): { readonly targets: readonly BoundTarget[]; readonly users: ReadonlySet<string> } {
  const distributions = [...new Set(usedBy)].flatMap((arn) => {
    const target = distributionAt(arn);
    return target ? [{ arn, target }] : [];
  });
  const bound = listeners.flatMap((listener) => {
    const target = targetAt(listener, arns);
    return target ? [{ listener, target }] : [];
  });
  return {
    targets: [...bound, ...distributions].map(({ target }) => target),
    users: new Set([
      ...bound.map(({ listener }) => listener.balancerArn),
      ...distributions.map(({ arn }) => arn),
    ]),
  };
}

/** In other partitions CloudFront takes no certificate from ACM. */
function distributionAt(arn: string): BoundTarget | null {
  const [, distribution] = /^arn:aws:cloudfront::\d+:distribution\/(\w+)$/.exec(arn) ?? [];
  if (distribution === undefined) return null;
  return { name: `CloudFront ${distribution}`, config: { type: 'cloudfront', distribution } };
}

function targetAt(listener: FoundListener, arns: readonly string[]): BoundTarget | null {
  const { arn, balancer, kind, list, port, region } = listener;
  const isDefault = listener.default !== null && arns.includes(listener.default);
  const isListed = list.some((each) => arns.includes(each));
  if (!isDefault && !isListed) return null;
  const name = `${balancer}:${port} (${region})`;
  if (kind === 'clb' || arn === null) {
    return { name, config: { type: 'clb', loadBalancer: balancer, port, region } };
  }
  const certificate = isDefault && isListed ? 'both' : isDefault ? 'default' : 'sni';
  return { name, config: { type: kind, listener: arn, certificate } };
}
