import type { X509Certificate } from 'node:crypto';
import { type CertificateMaterial, invalid } from './material.ts';

/**
 * ACM's rules for every import (import-certificate-prerequisites.html, import-certificate-format.html). This does not check
 * that the algorithms of leaf and CA match, as the API page says: the user guide has dropped it.
 */
export function checkImport(material: CertificateMaterial, now: Date): void {
  if (!material.leaf.checkPrivateKey(material.key)) {
    throw invalid('The private key does not match the certificate.');
  }
  if (now < material.leaf.validFromDate) throw invalid('The certificate is not valid yet.');
  if (now > material.leaf.validToDate) throw invalid('The certificate has expired.');
  if (material.leaf.issuer === undefined)
    throw invalid('The certificate issuer must not be empty.');
  checkChain(material);
}

/** Each certificate of the chain must directly certify the one before it; a leaf among them does not. */
export function checkChain({ leaf, chain }: Pick<CertificateMaterial, 'leaf' | 'chain'>): void {
  if (chain.length === 0) {
    if (certifies(leaf, leaf)) return;
    throw invalid(
      'Provided certificate is not a valid self signed. Please provide either a valid self-signed certificate or certificate chain.',
    );
  }
  let child = leaf;
  for (const parent of chain) {
    if (parent.fingerprint256 === child.fingerprint256 || !certifies(parent, child)) {
      throw invalid('Could not validate the certificate with the certificate chain.');
    }
    child = parent;
  }
}

function certifies(issuer: X509Certificate, subject: X509Certificate): boolean {
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

/** ACM's further rules for new material of an ARN (import-reimport.html). */
export function checkReimport(previous: CertificateMaterial, next: CertificateMaterial): void {
  if (previous.keyAlgorithm !== next.keyAlgorithm) {
    throw invalid(
      'The key type and size of the new certificate must match those of the currently imported certificate.',
    );
  }
  // "You can't remove all of the domain names" is read strictly: at least one old name must stay.
  if (previous.names.length > 0 && !previous.names.some((name) => next.names.includes(name))) {
    throw invalid('You cannot remove all domain names from the currently imported certificate.');
  }
  checkExtensions(previous, next);
  const lost = previous.keyUsages.filter((usage) => !next.keyUsages.includes(usage));
  if (lost.some((usage) => !(usage === 'KEY_ENCIPHERMENT' && isEcdsa(next)))) {
    throw invalid(
      'New certificate is missing one or more Key Usages supported by the currently imported certificate',
    );
  }
  const kept = new Set(next.extendedKeyUsages.map((usage) => usage.oid));
  const lostPurposes = previous.extendedKeyUsages.filter((usage) => !kept.has(usage.oid));
  if (lostPurposes.some((usage) => usage.name !== 'TLS_WEB_CLIENT_AUTHENTICATION')) {
    throw invalid(
      'New certificate is missing one or more Extended Key Usages supported by the currently imported certificate',
    );
  }
}

/**
 * Where the previous certificate has no KeyUsage or ExtendedKeyUsage extension, the new one may not have it either
 * (import-certificate-prerequisites.html). AWS's message is unknown.
 */
function checkExtensions(previous: CertificateMaterial, next: CertificateMaterial): void {
  const added = (['keyUsages', 'extendedKeyUsages'] as const).find(
    (extension) => previous[extension].length === 0 && next[extension].length > 0,
  );
  if (!added) return;
  const extension = added === 'keyUsages' ? 'KeyUsage' : 'ExtendedKeyUsage';
  throw invalid(
    `The ${extension} extension cannot be added, as the currently imported certificate has none.`,
  );
}

function isEcdsa(material: CertificateMaterial): boolean {
  return material.keyAlgorithm.startsWith('EC_');
}
