/** Kinds of proof that certkeep can give (RFC 8555 §8). */
export type ChallengeType = 'dns-01' | 'http-01';

export function isChallengeType(type: string): type is ChallengeType {
  return type === 'dns-01' || type === 'http-01';
}

/** What a CA offers for a name, before it has said so: no CA proves a wildcard but through DNS. */
export function usuallyOffered(name: string): readonly ChallengeType[] {
  return name.startsWith('*.') ? ['dns-01'] : ['dns-01', 'http-01'];
}
