import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { type KeyAlgorithm, keyAlgorithms } from '#shared/key-algorithm.ts';
import type { Secret } from '#shared/secret.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { alternativeNames } from './alternative-names.ts';
import { certificatePems } from './pem.ts';
import { hasSigned, privateKeyOf, readable, reasonOf } from './readable.ts';

export type CertificateFacts = {
  /** Upper-case hex. */
  readonly serial: string;
  /** The subject alternative names in lower case. The common name is not read, since many have none. */
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Null for an algorithm that certkeep does not generate. */
  readonly keyAlgorithm: KeyAlgorithm | null;
  /** Lower-case hex, like the next one. */
  readonly fingerprintSha256: string;
  readonly spkiSha256: string;
};

/** RFC 5280 §4.1.2.2 allows twenty bytes. */
const longestSerial = 200;

/** @throws CertkeepError CertificateRejected when it cannot be read. */
export function readCertificate(pem: string): CertificateFacts {
  return readable(() => factsOf(new X509Certificate(pem)));
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const { publicKey, raw, serialNumber, validFromDate, validToDate } = certificate;
  if (serialNumber.length > longestSerial) throw new RangeError('its serial is too long');
  if ([validFromDate, validToDate].some(isNoTime)) throw new RangeError('it has no validity');
  return {
    serial: serialNumber.toUpperCase(),
    names: namesOf(certificate),
    notBefore: validFromDate,
    notAfter: validToDate,
    keyAlgorithm: algorithmOf(publicKey),
    fingerprintSha256: sha256(raw),
    spkiSha256: sha256(publicKey.export({ type: 'spki', format: 'der' })),
  };
}

function isNoTime(time: Date): boolean {
  return Number.isNaN(time.getTime());
}

export type Issued = { readonly certificatePem: string; readonly chainPem: string };

export type Expected = {
  readonly names: readonly string[];
  readonly keyPem: Secret;
  readonly keyAlgorithm: KeyAlgorithm;
  /** Says whether clients need intermediates: no public root signs leaves. */
  readonly needsChain?: boolean;
  readonly now: Date;
};

/** @throws CertkeepError CertificateRejected, KeyStoreUnreadable when one of them cannot be read. */
export function isForAnotherKey(certificatePem: string, keyPem: Secret): boolean {
  const key = privateKeyOf(keyPem);
  return readable(() => !new X509Certificate(certificatePem).checkPrivateKey(key));
}

/**
 * Lists what is wrong with a certificate that a CA issued, as sentences; empty when it may be put into service. A bad
 * certificate counts as a failed attempt, or certkeep would order an expired answer again for ever.
 */
export function checkIssued(issued: Issued, expected: Expected): readonly string[] {
  // OpenSSL may accept a certificate whose key, or a time in it, it cannot read later.
  try {
    return problemsOf(issued, expected);
  } catch (error) {
    return [`the certificate or its chain cannot be read: ${reasonOf(error)}`];
  }
}

function problemsOf(issued: Issued, expected: Expected): readonly string[] {
  const leaf = new X509Certificate(issued.certificatePem);
  const chain = certificatesIn(issued.chainPem);
  return [
    ...keyProblems(leaf, expected),
    ...nameProblems(leaf, expected.names),
    ...validityProblems([leaf, ...chain], expected.now),
    ...chainProblems(leaf, chain),
    ...(expected.needsChain && chain.length === 0 ? ['its chain is missing'] : []),
  ];
}

/**
 * Names that nobody asked for: some CAs add `www.`, or a name that they know of their customer. @throws CertkeepError
 * CertificateRejected when it cannot be read.
 */
export function extraNames(
  { certificatePem }: Pick<Issued, 'certificatePem'>,
  asked: readonly string[],
): readonly string[] {
  const wanted = new Set(asked.map((name) => name.toLowerCase()));
  const names = readable(() => namesOf(new X509Certificate(certificatePem)));
  return names.filter((name) => !wanted.has(name));
}

/**
 * The time from which clients, and ACM, accept the certificate with its chain. @throws CertkeepError CertificateRejected
 * when it cannot be read.
 */
export function validFrom({ certificatePem, chainPem }: Issued): Date {
  return readable(() => {
    const all = certificatesIn(`${certificatePem}\n${chainPem}`);
    const last = new Date(Math.max(...all.map(({ validFromDate }) => validFromDate.getTime())));
    if (isNoTime(last)) throw new RangeError('it has no validity');
    return last;
  });
}

function keyProblems(leaf: X509Certificate, { keyPem, keyAlgorithm }: Expected): string[] {
  const problems: string[] = [];
  const key = keyIn(keyPem);
  if (key === null) problems.push('its key in the key store cannot be read');
  else if (!leaf.checkPrivateKey(key)) problems.push('it is for another key');
  const algorithm = algorithmOf(leaf.publicKey);
  if (algorithm !== keyAlgorithm) {
    problems.push(`its key is ${algorithm ?? 'of an unknown kind'} instead of ${keyAlgorithm}`);
  }
  return problems;
}

function keyIn(keyPem: Secret): KeyObject | null {
  try {
    return privateKeyOf(keyPem);
  } catch {
    return null;
  }
}

function nameProblems(leaf: X509Certificate, expected: readonly string[]): string[] {
  const held = new Set(namesOf(leaf));
  const wanted = new Set(expected.map((name) => name.toLowerCase()));
  const missing = [...wanted].filter((name) => !held.has(name));
  return missing.length > 0 ? [`it lacks ${missing.join(', ')}`] : [];
}

/** CA/Browser Forum Baseline Requirements 7.1.2.7: a certificate becomes valid within 48 hours of its signature. */
const longestAheadMs = 48 * hourMs;

function validityProblems(certificates: readonly X509Certificate[], now: Date): string[] {
  return certificates.flatMap((certificate, index) => {
    const which = index === 0 ? 'it' : `number ${index} of its chain`;
    if ([certificate.validFromDate, certificate.validToDate].some(isNoTime)) {
      return [`${which} has no validity`];
    }
    if (certificate.validToDate <= now) {
      return [`${which} expired at ${certificate.validToDate.toISOString()}`];
    }
    if (certificate.validFromDate > addMs(now, longestAheadMs)) {
      return [`${which} is valid only from ${certificate.validFromDate.toISOString()}`];
    }
    return [];
  });
}

function chainProblems(leaf: X509Certificate, chain: readonly X509Certificate[]): string[] {
  const problems = leaf.ca ? ['it is the certificate of a CA'] : [];
  let below = leaf;
  for (const [index, above] of chain.entries()) {
    const which = `number ${index + 1} of its chain`;
    // One that has signed the leaf itself is all the chain there is.
    if (isRoot(above) && index > 0) problems.push(`${which} is a root`);
    if (!hasSigned(above, below)) {
      problems.push(`${which} did not sign what stands before it`);
    }
    below = above;
  }
  return problems;
}

/** A CA that changes its key certifies the new one itself (RFC 5280 §3.2): self-issued, and no root. */
export function isRoot(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && hasSigned(certificate, certificate);
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  return certificatePems(pem).map((each) => new X509Certificate(each));
}

function namesOf(certificate: X509Certificate): readonly string[] {
  return alternativeNames(certificate).map(({ name }) => name.toLowerCase());
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyAlgorithm | null {
  const curves: Readonly<Record<string, string>> = { prime256v1: 'p256', secp384r1: 'p384' };
  const name =
    asymmetricKeyType === 'ec'
      ? `ecdsa-${curves[asymmetricKeyDetails?.namedCurve ?? '']}`
      : `${asymmetricKeyType}-${asymmetricKeyDetails?.modulusLength}`;
  return keyAlgorithms.find((known) => known === name) ?? null;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
