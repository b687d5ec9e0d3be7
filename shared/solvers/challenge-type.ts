/** The challenge types that certkeep can answer (RFC 8555 §8). */
export type ChallengeType = 'dns-01' | 'http-01';

export function isChallengeType(type: string): type is ChallengeType {
  return type === 'dns-01' || type === 'http-01';
}

/** The challenge types to expect for a name before the CA has listed them: no CA proves a wildcard except through DNS. */
export function usuallyOffered(name: string): readonly ChallengeType[] {
  return name.startsWith('*.') ? ['dns-01'] : ['dns-01', 'http-01'];
}
