import type { ConfiguredBy } from '#shared/schema/plugin.ts';
import { secretFacts } from '../records/secret-facts.ts';
import type { SolverFacts } from '../solver-plugin.ts';
import type { templateSpec } from './spec.ts';

export type TemplateConfig = ConfiguredBy<(typeof templateSpec)['schema']>;

/** Every function asks for these facts, without loading the client or zod. */
export const templateFacts = {
  ...secretFacts<TemplateConfig>(),
  rate: {
    perSecond: 5,
    burst: 20,
    reason: 'How much the service allows, where it says so, and what of it certkeep takes.',
  },
} as const satisfies SolverFacts<TemplateConfig>;
