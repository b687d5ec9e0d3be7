import { networkKey, type Place, placeKey } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import type { TargetFacts } from '../target-plugin.ts';
import type { clbSpec } from './spec.ts';

export type ClbConfig = ConfiguredBy<(typeof clbSpec)['schema']>;

export const clbFacts = {
  identify({ account, loadBalancer, port, region, store }: ClbConfig, home: Place) {
    const place: Place = {
      account: account ?? home.account,
      region: region ?? home.region,
      ...(store === 'iam' && { store }),
    };
    const prefix = `arn:${partitionOf(place.region)}:elasticloadbalancing:${place.region}:${place.account}`;
    const name = `${loadBalancer}:${port}`;
    return {
      key: `clb:${placeKey(place)}/${name}`,
      place,
      // It has one certificate, whichever store that is from.
      listener: `${networkKey(place)}/${name}`,
      isExclusive: true,
      resourceArn: `${prefix}:loadbalancer/${loadBalancer}`,
    };
  },
} satisfies TargetFacts;
