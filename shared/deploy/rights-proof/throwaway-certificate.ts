import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Secret } from '#shared/secret.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { element, identifier, tags } from '#shared/x509/der.ts';

/** A name that is never public: `.invalid` is never delegated (RFC 6761 §6.4). */
export const proofName = 'rights-proof.certkeep.invalid';

const validMs = 3 * dayMs;

export type Throwaway = {
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly keyPem: Secret;
};

/**
 * Creates a certificate that nobody trusts, with a chain, a key usage and an extended key usage like those of public CAs,
 * since ACM compares these on a re-import (import-reimport.html). Key and root are new each time.
 */
export function makeThrowaway(now: Date, name = proofName): Throwaway {
  const root = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name: 'certkeep throwaway', key: root.privateKey };
  const rootDer = certificate(now, {
    issuer,
    subject: issuer.name,
    publicKey: root.publicKey,
    // keyCertSign
    extensions: [basicConstraints(true), keyUsage(0x04, 2)],
  });
  const leafDer = certificate(now, {
    issuer,
    subject: name,
    publicKey: leaf.publicKey,
    // digitalSignature
    extensions: [basicConstraints(false), keyUsage(0x80, 7), serverAuth(), dnsName(name)],
  });
  return {
    certificatePem: pem(leafDer),
    chainPem: pem(rootDer),
    keyPem: new Secret(leaf.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  };
}

type Wish = {
  readonly issuer: { readonly name: string; readonly key: KeyObject };
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
};

/** RFC 5280 §4.1, version 3. */
function certificate(now: Date, { issuer, subject, publicKey, extensions }: Wish): Buffer {
  const { sequence, integer, bitString } = tags;
  const ecdsaWithSha256 = element(sequence, identifier('1.2.840.10045.4.3.2'));
  const info = element(
    sequence,
    element(0xa0, element(integer, Buffer.of(2))),
    element(integer, serial()),
    ecdsaWithSha256,
    commonName(issuer.name),
    element(sequence, utcTime(addMs(now, -hourMs)), utcTime(addMs(now, validMs))),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, element(sequence, ...extensions)),
  );
  // The first byte of a bit string counts its unused bits.
  const signature = element(bitString, Buffer.of(0), sign('sha256', info, issuer.key));
  return element(sequence, info, ecdsaWithSha256, signature);
}

/** The serial is positive and has no leading zero byte, so that it is already in its shortest form. */
function serial(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return bytes;
}

function commonName(text: string): Buffer {
  const { sequence, set } = tags;
  const value = element(sequence, identifier('2.5.4.3'), element(0x0c, Buffer.from(text)));
  return element(sequence, element(set, value));
}

/** UTCTime holds for years before 2050 (RFC 5280 §4.1.2.5.1). */
function utcTime(time: Date): Buffer {
  const digits = time.toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return element(tags.utcTime, Buffer.from(`${digits}Z`));
}

const critical = Buffer.of(0x01, 0x01, 0xff);

function extension(id: string, value: Buffer, ...flags: readonly Buffer[]): Buffer {
  return element(tags.sequence, identifier(id), ...flags, element(tags.octetString, value));
}

function basicConstraints(isAuthority: boolean): Buffer {
  const content = isAuthority ? [Buffer.of(0x01, 0x01, 0xff)] : [];
  return extension('2.5.29.19', element(tags.sequence, ...content), critical);
}

function keyUsage(bits: number, unusedBits: number): Buffer {
  return extension('2.5.29.15', element(tags.bitString, Buffer.of(unusedBits, bits)), critical);
}

function serverAuth(): Buffer {
  return extension('2.5.29.37', element(tags.sequence, identifier('1.3.6.1.5.5.7.3.1')));
}

function dnsName(name: string): Buffer {
  const names = element(tags.sequence, element(0x82, Buffer.from(name, 'ascii')));
  return extension('2.5.29.17', names);
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
