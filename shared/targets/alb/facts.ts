import type { Place } from '#shared/place.ts';
import type { TargetFacts } from '../target-plugin.ts';
import { loadBalancerOf } from './load-balancer.ts';
import type { AlbConfig } from './schema.ts';

export const albFacts = {
  identify({ certificate, listener }: AlbConfig, _home: Place) {
    const [, , , region = '', account = ''] = listener.split(':');
    return {
      key: `alb:${certificate}:${listener}`,
      place: { account, region },
      listener,
      isExclusive: certificate !== 'sni',
      resourceArn: loadBalancerOf(listener),
    };
  },
} satisfies TargetFacts;
