import { type Place, placeKey } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import { placeOf } from './places.ts';
import type { TargetConfig } from './specs.ts';

/** Where a target stands in the record and in AWS; known from the configuration alone. */
export type TargetIdentity = {
  /** Key of the deployment in the record. */
  readonly key: string;
  readonly place: Place;
  /** The same for all certificates of one listener. */
  readonly listener: string;
  /** As ACM's InUseBy names it. */
  readonly resourceArn: string;
};

export function identityOf(target: TargetConfig, home: Place): TargetIdentity {
  const place = placeOf(target, home);
  switch (target.type) {
    case 'alb':
      return {
        key: `alb:${target.certificate}:${target.listener}`,
        listener: target.listener,
        place,
        resourceArn: target.listener
          .replace(':listener/', ':loadbalancer/')
          .replace(/\/[^/]+$/, ''),
      };
    case 'clb': {
      const { account, region } = place;
      const prefix = `arn:${partitionOf(region)}:elasticloadbalancing:${region}:${account}`;
      const listener = `${placeKey(place)}/${target.loadBalancer}:${target.port}`;
      return {
        key: `clb:${listener}`,
        listener,
        place,
        resourceArn: `${prefix}:loadbalancer/${target.loadBalancer}`,
      };
    }
  }
}

export function identitiesOf(
  targets: readonly TargetConfig[],
  home: Place,
): readonly TargetIdentity[] {
  return targets.map((target) => identityOf(target, home));
}
