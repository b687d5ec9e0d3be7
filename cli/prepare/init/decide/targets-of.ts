import type { Found, FoundListener } from '../facts.ts';

/** A target as the configuration writes it, with what people call it. */
export type BoundTarget = {
  readonly name: string;
  readonly config:
    | {
        readonly type: 'alb';
        readonly listener: string;
        readonly certificate: 'default' | 'sni' | 'both';
      }
    | {
        readonly type: 'clb';
        readonly loadBalancer: string;
        readonly port: number;
        readonly region: string;
      };
};

/** Returns the listeners that hold one of these certificates, and the ARNs of their load balancers. */
export function targetsOf(
  { listeners }: Pick<Found, 'listeners'>,
  arns: readonly string[],
): { readonly targets: readonly BoundTarget[]; readonly balancers: ReadonlySet<string> } {
  const bound = listeners.flatMap((listener) => {
    const target = targetAt(listener, arns);
    return target ? [{ listener, target }] : [];
  });
  return {
    targets: bound.map(({ target }) => target),
    balancers: new Set(bound.map(({ listener }) => listener.balancerArn)),
  };
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
  return { name, config: { type: 'alb', listener: arn, certificate } };
}
