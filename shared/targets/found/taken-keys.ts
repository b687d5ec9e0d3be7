import { type KeyAlgorithm, keyAlgorithms } from '#shared/key-algorithm.ts';

/** The key algorithms of the kinds that are found by a tag, for functions, which load no spec. A test compares them. */
export const takenKeys = {
  alb: keyAlgorithms,
  nlb: ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072'],
  clb: ['rsa-2048'],
  cloudfront: keyAlgorithms,
} as const satisfies Readonly<Record<string, readonly KeyAlgorithm[]>>;
