import { createPublicKey } from 'node:crypto';

/**
 * Replaces acme-client/src/crypto, whose signing needs only this function: the public key as a JSON Web Key, with its
 * members in the order of RFC 7638 §3. The original loads 239 KB to create and read certificates, which certkeep does
 * itself (shared/x509/).
 */
export function getJwk(keyPem: Buffer | string): Readonly<Record<string, string>> {
  const jwk = createPublicKey(keyPem).export({ format: 'jwk' });
  return Object.fromEntries(
    Object.entries(jwk)
      .map(([name, value]) => [name, String(value)] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}
