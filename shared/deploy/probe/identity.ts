import type { X509Certificate } from 'node:crypto';

/**
 * A certificate is identified by its fingerprint. Its serial is for people, and shows where the fingerprint is worth
 * reading: a serial is unique at one issuer only (RFC 5280 §4.1.2.2), public, and chosen by the signer.
 */
export type Identity = {
  readonly serial: string;
  /** SHA-256 of the DER in lower-case hex, as in a version of the record. */
  readonly fingerprintSha256: string;
};

export function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** Says whether another certificate has the serial of ours. */
export function isLookAlike(
  one: { readonly serial: string | null; readonly fingerprintSha256: string | null },
  ours: Identity,
): boolean {
  // An unknown fingerprint proves nothing.
  if (one.fingerprintSha256 === null) return false;
  return one.serial === ours.serial && one.fingerprintSha256 !== ours.fingerprintSha256;
}
