import type { AcmCertificate } from '../services/acm/certificate.ts';
import type { CertificateMaterial } from '../services/acm/material.ts';

export type ListenerCertificates = {
  readonly default: AcmCertificate;
  /** The SNI list; the default may stand in it a second time. */
  readonly list: readonly AcmCertificate[];
};

/**
 * The certificates a listener offers for a server name: one per key family, ECDSA before RSA, of which the
 * client gets the first that it supports. As https-listener-certificates.html says, the default stands in
 * only where no name was sent or nothing in the list matches: a match in the list beats it.
 */
export function offeredCertificates(
  certificates: ListenerCertificates,
  options: { readonly serverName: string | null; readonly seenAt: Date; readonly now: Date },
): readonly CertificateMaterial[] {
  const { serverName, seenAt, now } = options;
  const matching =
    serverName === null
      ? []
      : certificates.list
          .map((certificate) => certificate.material.at(seenAt))
          .filter((material) => material.leaf.checkHost(serverName) !== undefined);
  if (matching.length === 0) return [certificates.default.material.at(seenAt)];
  const ranked = matching.toSorted((a, b) => preference(a, b, now));
  return [ranked.find(isEcdsa), ranked.find((material) => !isEcdsa(material))].filter(
    (material) => material !== undefined,
  );
}

/** Within a key family: not expired, then the stronger hash, the longer key, the longer validity. */
function preference(a: CertificateMaterial, b: CertificateMaterial, now: Date): number {
  return (
    Number(b.leaf.validToDate > now) - Number(a.leaf.validToDate > now) ||
    hashBits(b) - hashBits(a) ||
    keyBits(b) - keyBits(a) ||
    validityMs(b) - validityMs(a)
  );
}

function isEcdsa(material: CertificateMaterial): boolean {
  return material.keyAlgorithm.startsWith('EC_');
}

function hashBits({ leaf }: CertificateMaterial): number {
  return Number(/sha-?(\d+)/i.exec(leaf.signatureAlgorithm ?? '')?.[1] ?? 0);
}

function keyBits({ keyAlgorithm }: CertificateMaterial): number {
  return Number(/\d{3,}/.exec(keyAlgorithm)?.[0] ?? 0);
}

function validityMs({ leaf }: CertificateMaterial): number {
  return leaf.validToDate.getTime() - leaf.validFromDate.getTime();
}
