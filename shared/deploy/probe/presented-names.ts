import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { alternativeNames } from '#shared/x509/alternative-names.ts';

/** With a dot and no spaces, as no title of a certificate is: `*.example.com`. */
const hostName = /^(\*\.)?([a-z0-9_-]+\.)+[a-z0-9-]+$/i;

/**
 * The names that clients take a certificate for. The common name is one of them where no alternative name is a DNS
 * name (RFC 2818 §3.1), as in certificates that people have uploaded to IAM for years.
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
