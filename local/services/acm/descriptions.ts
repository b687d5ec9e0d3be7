import type { X509Certificate } from 'node:crypto';
import type {
  CertificateDetail,
  CertificateStatus,
  CertificateSummary,
  KeyAlgorithm,
} from '@aws-sdk/client-acm';
import { type AcmCertificate, isExpired } from './certificate.ts';
import type { CertificateMaterial } from './material.ts';

/** A summary carries at most this many names (API reference of CertificateSummary). */
const summaryNames = 100;

export function detailOf(
  certificate: AcmCertificate,
  now: Date,
  inUseBy: readonly string[],
): CertificateDetail {
  const material = certificate.material.latest();
  const { leaf } = material;
  const usages = material.keyUsages.length ? material.keyUsages : (['ANY'] as const);
  return {
    ...common(certificate, material, now),
    SubjectAlternativeNames: [...material.names],
    Serial: colons(leaf.serialNumber),
    Subject: oneLine(leaf.subject),
    Issuer: issuerOf(leaf),
    SignatureAlgorithm: signatureOf(leaf),
    InUseBy: [...inUseBy],
    KeyUsages: usages.map((Name) => ({ Name })),
    ExtendedKeyUsages: material.extendedKeyUsages.length
      ? material.extendedKeyUsages.map(({ name, oid }) => ({ Name: name, OID: oid }))
      : [{ Name: 'NONE' }],
    Options: { CertificateTransparencyLoggingPreference: 'DISABLED' },
  };
}

export function summaryOf(
  certificate: AcmCertificate,
  now: Date,
  inUse: boolean,
): CertificateSummary {
  const material = certificate.material.latest();
  const purposes = material.extendedKeyUsages.map((usage) => usage.name);
  return {
    ...common(certificate, material, now),
    SubjectAlternativeNameSummaries: material.names.slice(0, summaryNames),
    HasAdditionalSubjectAlternativeNames: material.names.length > summaryNames,
    KeyUsages: material.keyUsages.length ? [...material.keyUsages] : ['ANY'],
    ExtendedKeyUsages: purposes.length ? purposes : ['NONE'],
    InUse: inUse,
  };
}

export function statusOf(material: CertificateMaterial, now: Date): CertificateStatus {
  return isExpired(material, now) ? 'EXPIRED' : 'ISSUED';
}

function common(certificate: AcmCertificate, material: CertificateMaterial, now: Date) {
  return {
    CertificateArn: certificate.arn,
    DomainName: commonName(material.leaf) ?? material.names[0],
    Status: statusOf(material, now),
    Type: 'IMPORTED' as const,
    KeyAlgorithm: printed(material.keyAlgorithm),
    RenewalEligibility: 'INELIGIBLE' as const,
    NotBefore: material.leaf.validFromDate,
    NotAfter: material.leaf.validToDate,
    CreatedAt: certificate.createdAt,
    ImportedAt: certificate.importedAt,
    CertificateKeyPairOrigin: 'CUSTOMER_PROVIDED' as const,
  };
}

/** ACM takes `RSA_2048` and `EC_prime256v1` and prints `RSA-2048` and `EC-prime256v1`, against its own model. */
function printed(algorithm: KeyAlgorithm): KeyAlgorithm {
  return algorithm.replace('_', '-') as KeyAlgorithm;
}

/** As ACM prints a serial: lower-case hex, a colon between bytes. */
function colons(serial: string): string {
  return serial.toLowerCase().match(/../g)?.join(':') ?? '';
}

function commonName(leaf: X509Certificate): string | undefined {
  return attribute(leaf.subject, 'CN');
}

/** The name of the organization behind the certificate, or the issuer's own. */
function issuerOf(leaf: X509Certificate): string | undefined {
  return attribute(leaf.issuer, 'O') ?? attribute(leaf.issuer, 'CN');
}

/** node prints one attribute a line, and nothing at all for an empty name. */
function attribute(name: string | undefined, type: string): string | undefined {
  const line = name?.split('\n').find((each) => each.startsWith(`${type}=`));
  return line?.slice(type.length + 1);
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(',');
}

/** `ecdsa-with-SHA256` and `sha256WithRSAEncryption` as ACM's `SHA256WITHECDSA` and `SHA256WITHRSA`. */
function signatureOf(leaf: X509Certificate): string {
  const name = leaf.signatureAlgorithm ?? '';
  const hash = /sha-?(\d+)/i.exec(name)?.[1] ?? '';
  return `SHA${hash}WITH${/ecdsa/i.test(name) ? 'ECDSA' : 'RSA'}`;
}
