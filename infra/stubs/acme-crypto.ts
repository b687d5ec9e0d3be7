import { createPublicKey } from 'node:crypto';

/**
 * Stands for acme-client/src/crypto, of which its signing needs this function alone: the public key as a JSON Web Key, with its
 * members in the order that RFC 7638 §3 asks for. The rest makes and reads certificates with a library of 239 KB, which certkeep does by itself (shared/x509/).
 */
export function getJwk(keyPem: Buffer | string): Readonly<Record<string, string>> {
  const jwk = createPublicKey(keyPem).export({ format: 'jwk' });
  return Object.fromEntries(
    Object.entries(jwk)
      .map(([name, value]) => [name, String(value)] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}
