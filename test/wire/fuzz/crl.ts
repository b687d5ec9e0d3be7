import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type CertificateAuthority, createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { element, identifier, tags } from '#shared/x509/der.ts';

export const now = new Date('2026-11-22T03:00:00Z');
export const url = 'http://crl.example/1.crl';

const ecdsaWithSha256 = element(tags.sequence, identifier('1.2.840.10045.4.3.2'));

/** A CA whose lists are written by hand, so that what it signs may be anything. */
export async function listSigner() {
  const ca: CertificateAuthority = await createCertificateAuthority({ name: 'Test', now });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { certificatePem } = await ca.issue({
    names: ['signer.example'],
    publicKey,
    notBefore: now,
    notAfter: addMs(now, dayMs),
  });
  return { issuerPem: certificatePem, key: createPrivateKey(privateKey.export(pkcs8)) };
}

const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;

/** The list around what is signed (RFC 5280 §5.1). */
export function signedList(tbs: Buffer, key: KeyObject): Buffer {
  const signature = element(tags.bitString, Buffer.of(0), sign('sha256', tbs, key));
  return element(tags.sequence, tbs, ecdsaWithSha256, signature);
}

/** `more` stands where the extensions do. */
export function tbsOf(entries: Uint8Array, more: Uint8Array = new Uint8Array()): Buffer {
  return element(
    tags.sequence,
    element(tags.integer, Buffer.of(1)),
    ecdsaWithSha256,
    element(tags.sequence),
    time('261122030000Z'),
    time('261222030000Z'),
    element(tags.sequence, entries),
    more,
  );
}

export function entry(serial: Buffer): Buffer {
  const reason = element(
    tags.sequence,
    element(
      tags.sequence,
      identifier('2.5.29.21'),
      element(tags.octetString, element(tags.enumerated, Buffer.of(1))),
    ),
  );
  return element(tags.sequence, element(tags.integer, serial), time('261120100000Z'), reason);
}

function time(text: string): Buffer {
  return element(tags.utcTime, Buffer.from(text));
}
