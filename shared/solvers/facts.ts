import { albHttp01Facts } from './alb-http01/facts.ts';
import { alidnsFacts } from './alidns/facts.ts';
import type { ChallengeType } from './challenge-type.ts';
import { cloudflareFacts } from './cloudflare/facts.ts';
import { dnspodFacts } from './dnspod/facts.ts';
import { route53Facts } from './route53/facts.ts';
import type { SolverFacts } from './solver-plugin.ts';
import type { SolverConfig } from './specs.ts';

/** One line per kind: the facts that every function may ask for. */
const facts: Readonly<Record<SolverConfig['type'], SolverFacts>> = {
  route53: route53Facts,
  cloudflare: cloudflareFacts,
  alidns: alidnsFacts,
  dnspod: dnspodFacts,
  'alb-http01': albHttp01Facts,
};

export function solverFacts({ type }: Pick<SolverConfig, 'type'>): SolverFacts {
  return facts[type];
}

export function challengeOf(config: Pick<SolverConfig, 'type'>): ChallengeType {
  return solverFacts(config).challenge;
}
