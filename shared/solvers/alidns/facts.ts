import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import { secretFacts } from '../records/secret-facts.ts';
import type { SolverFacts } from '../solver-plugin.ts';
import type { alidnsSpec } from './spec.ts';

export type AlidnsConfig = ConfiguredBy<(typeof alidnsSpec)['schema']>;

export const alidnsFacts = {
  ...secretFacts<AlidnsConfig>(),
  rate: {
    perSecond: 10,
    burst: 30,
    reason:
      'Alibaba Cloud DNS takes 60 additions and 60 removals a second of an account (api-alidns-2015-01-09-quota). An order costs five.',
  },
} as const satisfies SolverFacts;
