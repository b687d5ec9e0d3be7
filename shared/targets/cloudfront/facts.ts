import type { Place } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import type { TargetFacts } from '../target-plugin.ts';
import type { cloudfrontSpec } from './spec.ts';

export type CloudFrontConfig = ConfiguredBy<(typeof cloudfrontSpec)['schema']>;

export const cloudfrontFacts = {
  identify({ account, distribution }: CloudFrontConfig, home: Place) {
    const partition = partitionOf(home.region);
    // Distributions have no region, and take certificates from this one. Other partitions are refused by name.
    const region = partition === 'aws' ? 'us-east-1' : home.region;
    const place = { account: account ?? home.account, region };
    const arn = `arn:${partition}:cloudfront::${place.account}:distribution/${distribution}`;
    return {
      key: `cloudfront:${place.account}/${distribution}`,
      place,
      listener: arn,
      isExclusive: true,
      resourceArn: arn,
    };
  },
} satisfies TargetFacts;
