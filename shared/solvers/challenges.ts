import type { SolverConfig } from './specs.ts';

/** Kinds of proof that certkeep can give (RFC 8555 §8). */
export type ChallengeType = 'dns-01' | 'http-01';

/** Apart from the specs, whose schemas the functions do not carry. A new type does not compile until it is here. */
const challengeOfType = {
  route53: 'dns-01',
  cloudflare: 'dns-01',
  alidns: 'dns-01',
  dnspod: 'dns-01',
  'alb-http01': 'http-01',
} as const satisfies Record<SolverConfig['type'], ChallengeType>;

export function challengeOf({ type }: Pick<SolverConfig, 'type'>): ChallengeType {
  return challengeOfType[type];
}

export function isChallengeType(type: string): type is ChallengeType {
  return type === 'dns-01' || type === 'http-01';
}

/** What a CA offers for a name, before it has said so: no CA proves a wildcard but through DNS. */
export function usuallyOffered(name: string): readonly ChallengeType[] {
  return name.startsWith('*.') ? ['dns-01'] : ['dns-01', 'http-01'];
}
