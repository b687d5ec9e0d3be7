/** Algorithms of certificate keys that certkeep generates; ACM imports all of them. */
export const keyAlgorithms = [
  'ecdsa-p256',
  'ecdsa-p384',
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
] as const;

export type KeyAlgorithm = (typeof keyAlgorithms)[number];

/** What a TLS client has to be able to use: of two certificates for one name a load balancer presents the one that it can. */
export type KeyFamily = 'ecdsa' | 'rsa';

export function familyOf(algorithm: KeyAlgorithm): KeyFamily {
  return algorithm.startsWith('rsa-') ? 'rsa' : 'ecdsa';
}
