import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { alternativeNames } from '#shared/x509/alternative-names.ts';

/** A host name has a dot and no spaces, unlike the title of a certificate: `*.example.com`. */
const hostName = /^(\*\.)?([a-z0-9_-]+\.)+[a-z0-9-]+$/i;

/**
 * Returns the names for which clients accept a certificate. The common name counts where no alternative name is a DNS name
 * (RFC 2818 §3.1), as in certificates that people have uploaded to IAM for years.
 */
export function presentedNames(certificate: X509Certificate): readonly string[] {
  const names = alternativeNames(certificate)
    .filter(({ kind, name }) => kind === 'DNS' && name !== '')
    .map(({ name }) => name);
  if (names.length > 0) return names;
  const commonNames = [...certificate.subject.matchAll(/^CN=(.*)$/gm)].map(([, name]) =>
    (name as string).trim(),
  );
  return commonNames.filter((name) => hostName.test(name) && isIP(name) === 0);
}
