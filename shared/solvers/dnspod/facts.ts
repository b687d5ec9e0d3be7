import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import { secretFacts } from '../records/secret-facts.ts';
import type { SolverFacts } from '../solver-plugin.ts';
import type { dnspodSpec } from './spec.ts';

export type DnspodConfig = ConfiguredBy<(typeof dnspodSpec)['schema']>;

export const dnspodFacts = {
  ...secretFacts<DnspodConfig>(),
  rate: {
    perSecond: 10,
    burst: 20,
    reason:
      'DNSPod takes 20 listings of zones and 100 of records a second (document/api/1157/49025). An order costs five.',
  },
} as const satisfies SolverFacts;
