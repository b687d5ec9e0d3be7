import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import { Secret } from '#shared/secret.ts';
import { element, identifier, tags } from './der.ts';
import { privateKeyOf } from './readable.ts';

/** A new private key as PKCS#8 PEM. RSA takes a tenth of a second or more; ECDSA almost nothing. */
export function createKey(algorithm: KeyAlgorithm): Secret {
  const pem = generate(algorithm).export({ type: 'pkcs8', format: 'pem' });
  return new Secret(pem.toString());
}

/** The public key of a private key, as DER of its SubjectPublicKeyInfo. @throws CertkeepError KeyStoreUnreadable */
export function publicKeyOf(keyPem: Secret): Buffer {
  return spkiOf(privateKeyOf(keyPem));
}

function spkiOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/**
 * base64url DER of a PKCS #10 request (RFC 2986) with the names as subject alternative names and an empty subject (RFC 8555
 * §7.4). Written by hand, since the library takes six milliseconds and this half of one.
 * @throws CertkeepError KeyStoreUnreadable where the key cannot be read
 */
export function createCsr(keyPem: Secret, names: readonly string[]): string {
  const { sequence, set } = tags;
  const key = privateKeyOf(keyPem);
  const version = element(tags.integer, Buffer.of(0));
  const subject = element(sequence);
  const publicKey = spkiOf(key);
  const extensions = element(sequence, subjectAltName(names));
  const attribute = element(
    sequence,
    identifier('1.2.840.113549.1.9.14'),
    element(set, extensions),
  );
  const info = element(sequence, version, subject, publicKey, element(0xa0, attribute));
  const { algorithm, hash } = signatureOf(key);
  // The first byte of a bit string counts its unused bits.
  const signature = element(tags.bitString, Buffer.of(0), sign(hash, info, key));
  return element(sequence, info, algorithm, signature).toString('base64url');
}

/** RFC 5280 §4.2.1.6: `[2] dNSName`. */
function subjectAltName(names: readonly string[]): Buffer {
  const all = names.map((name) => element(0x82, Buffer.from(name, 'ascii')));
  const value = element(tags.octetString, element(tags.sequence, ...all));
  return element(tags.sequence, identifier('2.5.29.17'), value);
}

function signatureOf({ asymmetricKeyDetails, asymmetricKeyType }: KeyObject) {
  if (asymmetricKeyType === 'rsa') {
    const parameters = element(tags.null);
    const sha256WithRsa = identifier('1.2.840.113549.1.1.11');
    return { hash: 'sha256', algorithm: element(tags.sequence, sha256WithRsa, parameters) };
  }
  const is384 = asymmetricKeyDetails?.namedCurve === 'secp384r1';
  const ecdsaWithHash = identifier(is384 ? '1.2.840.10045.4.3.3' : '1.2.840.10045.4.3.2');
  return { hash: is384 ? 'sha384' : 'sha256', algorithm: element(tags.sequence, ecdsaWithHash) };
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
