import type { X509Certificate } from 'node:crypto';

/**
 * A certificate is known by its fingerprint. Its serial is for people, and says where it is worth to ask for the
 * fingerprint: it is unique at one issuer only (RFC 5280 §4.1.2.2), public, and chosen by whoever signs.
 */
export type Identity = {
  readonly serial: string;
  /** SHA-256 of the DER in lower-case hex, as in a version of the record. */
  readonly fingerprintSha256: string;
};

export function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** Another certificate that bears the serial of ours. */
export function isLookAlike(
  one: { readonly serial: string | null; readonly fingerprintSha256: string | null },
  ours: Identity,
): boolean {
  // Where nobody asked, or nobody could say, nothing is known.
  if (one.fingerprintSha256 === null) return false;
  return one.serial === ours.serial && one.fingerprintSha256 !== ours.fingerprintSha256;
}
