import type { AcmCertificate } from '../services/acm/certificate.ts';
import type { CertificateMaterial } from '../services/acm/material.ts';

export type BalancerKind = 'alb' | 'nlb' | 'single';

export type ListenerCertificates = {
  readonly default: AcmCertificate;
  /** The SNI list, in which the default may appear a second time. */
  readonly list: readonly AcmCertificate[];
  /** Clients that ask for no name of these get the other one: CloudFront's own, where a name is no alias. */
  readonly only?: { readonly names: readonly string[]; readonly otherwise: AcmCertificate };
};

/**
 * The certificates that a listener offers for a server name: one per key family, ECDSA before RSA, of which the client gets
 * the first that it supports. By https-listener-certificates.html, the default serves only where no name was sent or
 * nothing in the list matches: a match in the list beats it. A Classic ELB does not support SNI
 * (elb-https-load-balancers.html).
 */
export function offeredCertificates(
  certificates: ListenerCertificates,
  options: {
    readonly kind: BalancerKind;
    readonly serverName: string | null;
    readonly seenAt: Date;
    readonly now: Date;
  },
): readonly CertificateMaterial[] {
  const { kind, serverName, seenAt, now } = options;
  const { only } = certificates;
  if (only && !only.names.some((name) => isAskedFor(name, serverName))) {
    return [only.otherwise.material.at(seenAt)];
  }
  const matching =
    serverName === null || kind === 'single'
      ? []
      : certificates.list
          .map((certificate) => certificate.material.at(seenAt))
          .filter((material) => material.leaf.checkHost(serverName) !== undefined);
  if (matching.length === 0) return [certificates.default.material.at(seenAt)];
  const prefer = kind === 'nlb' ? byNetworkBalancer : byApplicationBalancer(now);
  const ranked = matching.toSorted(prefer);
  return [ranked.find(isEcdsa), ranked.find((material) => !isEcdsa(material))].filter(
    (material) => material !== undefined,
  );
}

/** An alias may be a wildcard, which stands for one label. */
function isAskedFor(alias: string, serverName: string | null): boolean {
  const asked = serverName?.toLowerCase();
  return asked === alias || (alias.startsWith('*.') && asked?.replace(/^[^.]+\./, '*.') === alias);
}

type Preference = (a: CertificateMaterial, b: CertificateMaterial) => number;

/**
 * Orders within a key family: not expired, then the highest SHA, the longer key, and "validity period", which AWS does not
 * explain: here the longer one.
 */
function byApplicationBalancer(now: Date): Preference {
  return (a, b) =>
    Number(b.leaf.validToDate > now) - Number(a.leaf.validToDate > now) ||
    shaNumber(b) - shaNumber(a) ||
    keyBits(b) - keyBits(a) ||
    validityMs(b) - validityMs(a);
}

/** tls-listener-certificates.html mentions no "not expired", and does not distinguish SHA versions. */
const byNetworkBalancer: Preference = (a, b) =>
  Number(shaNumber(b) > 0) - Number(shaNumber(a) > 0) ||
  keyBits(b) - keyBits(a) ||
  validityMs(b) - validityMs(a);

function isEcdsa(material: CertificateMaterial): boolean {
  return material.keyAlgorithm.startsWith('EC_');
}

/** 0 for MD5. */
function shaNumber({ leaf }: CertificateMaterial): number {
  return Number(/sha-?(\d+)/i.exec(leaf.signatureAlgorithm ?? '')?.[1] ?? 0);
}

function keyBits({ keyAlgorithm }: CertificateMaterial): number {
  return Number(/\d{3,}/.exec(keyAlgorithm)?.[0] ?? 0);
}

function validityMs({ leaf }: CertificateMaterial): number {
  return leaf.validToDate.getTime() - leaf.validFromDate.getTime();
}
