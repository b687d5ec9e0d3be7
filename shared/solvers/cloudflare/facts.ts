import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import { secretFacts } from '../records/secret-facts.ts';
import type { SolverFacts } from '../solver-plugin.ts';
import type { cloudflareSpec } from './spec.ts';

export type CloudflareConfig = ConfiguredBy<(typeof cloudflareSpec)['schema']>;

export const cloudflareFacts = {
  ...secretFacts<CloudflareConfig>(),
  rate: {
    perSecond: 2,
    burst: 50,
    reason:
      'Cloudflare takes 1,200 requests in five minutes of a user, 4 a second, and blocks for five minutes whoever sends more (fundamentals/api/reference/limits). An order costs five.',
  },
} as const satisfies SolverFacts;
