import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import acmeCrypto from 'acme-client/src/crypto/index.js';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import { Secret } from '#shared/secret.ts';

/** A new private key as PKCS#8 PEM. RSA takes a tenth of a second and more; ECDSA almost nothing. */
export function createKey(algorithm: KeyAlgorithm): Secret {
  const pem = generate(algorithm).export({ type: 'pkcs8', format: 'pem' });
  return new Secret(pem.toString());
}

/** base64url DER with the names as subject alternative names and an empty subject (RFC 8555 §7.4). */
export async function createCsr(keyPem: Secret, names: readonly string[]): Promise<string> {
  const [, pem] = await acmeCrypto.createCsr({ altNames: [...names] }, keyPem.reveal());
  return Buffer.from(pemBody(pem.toString()), 'base64').toString('base64url');
}

function generate(algorithm: KeyAlgorithm): KeyObject {
  switch (algorithm) {
    case 'ecdsa-p256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    case 'ecdsa-p384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    case 'rsa-2048':
    case 'rsa-3072':
    case 'rsa-4096':
      return generateKeyPairSync('rsa', { modulusLength: Number(algorithm.slice(4)) }).privateKey;
  }
}

function pemBody(pem: string): string {
  return pem.replace(/-----[A-Z ]+-----|\s/g, '');
}
