import type { X509Certificate } from 'node:crypto';
import type {
  CertificateDetail,
  CertificateStatus,
  CertificateSummary,
  KeyAlgorithm,
} from '@aws-sdk/client-acm';
import { type AcmCertificate, isExpired, originOf } from './certificate.ts';
import { attribute, type CertificateMaterial } from './material.ts';

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
    // By the API page these include the common name; ACM's answer for a certificate without the SAN extension is unknown.
    // This cloud takes the harder case: the name is in DomainName alone.
    SubjectAlternativeNames: [...material.names],
    ...(certificate.isPending ? pending : { Serial: colons(leaf.serialNumber) }),
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

/** A certificate that is not issued yet has no serial and no validity ("The time at which the certificate was issued"). */
const pending = {
  Status: 'PENDING_VALIDATION',
  NotBefore: undefined,
  NotAfter: undefined,
  IssuedAt: undefined,
} as const;

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
  const isImported = certificate.type === 'IMPORTED';
  return {
    CertificateArn: certificate.arn,
    DomainName: material.commonName ?? material.names[0],
    Status: statusOf(material, now),
    Type: certificate.type,
    KeyAlgorithm: printed(material.keyAlgorithm),
    RenewalEligibility: isImported ? ('INELIGIBLE' as const) : ('ELIGIBLE' as const),
    NotBefore: material.leaf.validFromDate,
    NotAfter: material.leaf.validToDate,
    CreatedAt: certificate.createdAt,
    // "This value exists only when the certificate type is IMPORTED", and the other one for AMAZON_ISSUED.
    ...(isImported ? { ImportedAt: certificate.importedAt } : { IssuedAt: certificate.createdAt }),
    CertificateKeyPairOrigin: originOf(certificate),
  };
}

/** ACM accepts `RSA_2048` and `EC_prime256v1` but prints `RSA-2048` and `EC-prime256v1`, against its own model. */
function printed(algorithm: KeyAlgorithm): KeyAlgorithm {
  return algorithm.replace('_', '-') as KeyAlgorithm;
}

/** ACM's form of a serial: lower-case hex, with a colon between bytes. */
function colons(serial: string): string {
  return serial.toLowerCase().match(/../g)?.join(':') ?? '';
}

/** The name of the organization behind the certificate, or the issuer's own. */
function issuerOf(leaf: X509Certificate): string | undefined {
  return attribute(leaf.issuer, 'O') ?? attribute(leaf.issuer, 'CN');
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(',');
}

/**
 * Converts `ecdsa-with-SHA256` and `sha256WithRSAEncryption` to ACM's `SHA256WITHECDSA` and `SHA256WITHRSA` (the example of
 * API_DescribeCertificate.html; ACM Private CA's SigningAlgorithm lists the same words). A name without a hash, such as
 * `rsassaPss`, stays: ACM's form of it is not documented.
 */
function signatureOf(leaf: X509Certificate): string {
  const name = leaf.signatureAlgorithm ?? '';
  const hash = /(sha|md)-?(\d+)/i.exec(name);
  if (!hash) return name.toUpperCase();
  return `${hash[1]}${hash[2]}WITH${/ecdsa/i.test(name) ? 'ECDSA' : 'RSA'}`.toUpperCase();
}
