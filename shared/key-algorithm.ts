/** The key algorithms that certkeep can generate; ACM imports all of them. */
export const keyAlgorithms = [
  'ecdsa-p256',
  'ecdsa-p384',
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
] as const;

export type KeyAlgorithm = (typeof keyAlgorithms)[number];

/**
 * The key family that a TLS client must support: of two certificates for one name, a load balancer presents the one that
 * the client supports.
 */
export type KeyFamily = 'ecdsa' | 'rsa';

export function familyOf(algorithm: KeyAlgorithm): KeyFamily {
  return algorithm.startsWith('rsa-') ? 'rsa' : 'ecdsa';
}
