import { type Place, placeKey } from '#shared/place.ts';
import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import type { TargetFacts } from '../target-plugin.ts';
import type { acmSpec } from './spec.ts';

export type AcmConfig = ConfiguredBy<(typeof acmSpec)['schema']>;

export const acmFacts = {
  identify({ account, region }: AcmConfig, home: Place, certificate: string) {
    const place = { account: account ?? home.account, region: region ?? home.region };
    return {
      key: `acm:${placeKey(place)}`,
      place,
      // Each certificate has a parameter of its own there.
      listener: `${placeKey(place)}/${certificate}`,
      isExclusive: false,
      resourceArn: null,
    };
  },
} satisfies TargetFacts;
