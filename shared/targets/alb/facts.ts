import type { Place } from '#shared/place.ts';
import type { ConfiguredBy } from '#shared/plugin.ts';
import type { TargetFacts } from '../target-plugin.ts';
import type { albSpec } from './spec.ts';

export type AlbConfig = ConfiguredBy<typeof albSpec>;

export const albFacts = {
  identify({ certificate, listener }: AlbConfig, _home: Place) {
    const [, , , region = '', account = ''] = listener.split(':');
    return {
      key: `alb:${certificate}:${listener}`,
      place: { account, region },
      listener,
      isExclusive: certificate !== 'sni',
      resourceArn: listener.replace(':listener/', ':loadbalancer/').replace(/\/[^/]+$/, ''),
    };
  },
} satisfies TargetFacts;
