import { type Place, placeKey } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import type { TargetFacts } from '../target-plugin.ts';
import type { clbSpec } from './spec.ts';

export type ClbConfig = ConfiguredBy<(typeof clbSpec)['schema']>;

export const clbFacts = {
  identify({ account, loadBalancer, port, region }: ClbConfig, home: Place) {
    const place = { account: account ?? home.account, region: region ?? home.region };
    const prefix = `arn:${partitionOf(place.region)}:elasticloadbalancing:${place.region}:${place.account}`;
    const listener = `${placeKey(place)}/${loadBalancer}:${port}`;
    return {
      key: `clb:${listener}`,
      place,
      listener,
      isExclusive: true,
      resourceArn: `${prefix}:loadbalancer/${loadBalancer}`,
    };
  },
} satisfies TargetFacts;
