import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { ExtendedKeyUsageName, KeyAlgorithm, KeyUsageName } from '@aws-sdk/client-acm';
import * as x509 from '@peculiar/x509';
import { AwsError } from '../../wire/service.ts';

export type CertificateMaterial = {
  readonly leaf: X509Certificate;
  readonly certificatePem: string;
  readonly chain: readonly X509Certificate[];
  readonly chainPem: string | null;
  readonly key: KeyObject;
  readonly keyAlgorithm: KeyAlgorithm;
  /** The DNS names of the SAN extension. */
  readonly names: readonly string[];
  readonly commonName: string | null;
  /** Empty where the certificate has no such extension. */
  readonly keyUsages: readonly KeyUsageName[];
  readonly extendedKeyUsages: readonly ExtendedKeyUsage[];
};

type ExtendedKeyUsage = { readonly name: ExtendedKeyUsageName; readonly oid: string };

export type MaterialInput = {
  readonly Certificate?: Uint8Array | undefined;
  readonly PrivateKey?: Uint8Array | undefined;
  readonly CertificateChain?: Uint8Array | undefined;
};

/** The member limits of ImportCertificate in the API model. */
const maxBytes = { certificate: 32_768, chain: 2_097_152, key: 5_120 };

/** Reads the three members of ImportCertificate. Throws ACM's ValidationException. */
export function readMaterial(input: MaterialInput): CertificateMaterial {
  const certificatePem = textOf('certificate', input.Certificate, maxBytes.certificate);
  const keyPem = textOf('privateKey', input.PrivateKey, maxBytes.key);
  const chainPem = input.CertificateChain
    ? textOf('certificateChain', input.CertificateChain, maxBytes.chain)
    : null;
  const leaves = certificatesIn('certificate', certificatePem);
  if (leaves.length > 1) {
    throw invalid(
      'The certificate field contains more than one certificate. You can specify only one certificate in this field.',
    );
  }
  const leaf = leaves[0] as X509Certificate;
  const chain = chainPem === null ? [] : certificatesIn('certificate chain', chainPem);
  const key = readKey(keyPem);
  return {
    leaf,
    certificatePem,
    chain,
    chainPem,
    key,
    keyAlgorithm: algorithmOf(leaf),
    commonName: attribute(leaf.subject, 'CN') ?? null,
    ...usagesOf(leaf),
  };
}

/** node prints one attribute per line, and nothing at all for an empty name. */
export function attribute(name: string | undefined, type: string): string | undefined {
  const line = name?.split('\n').find((each) => each.startsWith(`${type}=`));
  return line?.slice(type.length + 1);
}

/** For a certificate without the SAN extension, the common name counts, where it is a domain name. */
export function hasDomain({ names, commonName }: CertificateMaterial): boolean {
  if (names.length > 0) return true;
  return commonName?.includes('.') === true && isIP(commonName) === 0;
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function textOf(member: string, bytes: Uint8Array | undefined, max: number): string {
  if (!bytes?.length || bytes.length > max) {
    throw invalid(
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length between 1 and ${max}`,
    );
  }
  return Buffer.from(bytes).toString('latin1');
}

// One block, without spaces at the end of a line: "trailing spaces break PEM" (import-certificate-format.html).
const block =
  /-----BEGIN CERTIFICATE-----\r?\n(?:[A-Za-z0-9+/=]{1,76}\r?\n)+-----END CERTIFICATE-----/g;

function certificatesIn(field: string, pem: string): X509Certificate[] {
  const blocks = pem.match(block) ?? [];
  const rest = pem.replaceAll(block, '').replaceAll(/\r?\n/g, '');
  if (blocks.length === 0 || rest !== '') throw notPem(field);
  try {
    return blocks.map((each) => new X509Certificate(each));
  } catch (cause) {
    throw Object.assign(notPem(field), { cause });
  }
}

function notPem(field: string): AwsError {
  return invalid(`Unable to parse ${field}. Please ensure the certificate is in PEM format.`);
}

function readKey(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) throw invalid('The private key is encrypted, which is not supported.');
  // openssl writes an EC PARAMETERS block first; ACM drops it (import-certificate-format.html).
  const parameters = /-----BEGIN EC PARAMETERS-----[^-]*-----END EC PARAMETERS-----\r?\n/;
  try {
    return createPrivateKey(pem.replace(parameters, ''));
  } catch (cause) {
    throw Object.assign(invalid('The private key is not supported.'), { cause });
  }
}

const curves: Readonly<Record<string, KeyAlgorithm>> = {
  prime256v1: 'EC_prime256v1',
  secp384r1: 'EC_secp384r1',
  secp521r1: 'EC_secp521r1',
};
const moduli: Readonly<Record<number, KeyAlgorithm>> = {
  1024: 'RSA_1024',
  2048: 'RSA_2048',
  3072: 'RSA_3072',
  4096: 'RSA_4096',
};

function algorithmOf(leaf: X509Certificate): KeyAlgorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = leaf.publicKey;
  const algorithm =
    type === 'rsa' ? moduli[details?.modulusLength ?? 0] : curves[details?.namedCurve ?? ''];
  if (!algorithm) throw invalid('The key algorithm of the certificate is not supported.');
  return algorithm;
}

const usageFlags: ReadonlyArray<readonly [x509.KeyUsageFlags, KeyUsageName]> = [
  [x509.KeyUsageFlags.digitalSignature, 'DIGITAL_SIGNATURE'],
  [x509.KeyUsageFlags.nonRepudiation, 'NON_REPUDIATION'],
  [x509.KeyUsageFlags.keyEncipherment, 'KEY_ENCIPHERMENT'],
  [x509.KeyUsageFlags.dataEncipherment, 'DATA_ENCIPHERMENT'],
  [x509.KeyUsageFlags.keyAgreement, 'KEY_AGREEMENT'],
  [x509.KeyUsageFlags.keyCertSign, 'CERTIFICATE_SIGNING'],
  [x509.KeyUsageFlags.cRLSign, 'CRL_SIGNING'],
];
const purposes: Readonly<Record<string, ExtendedKeyUsageName>> = {
  '1.3.6.1.5.5.7.3.1': 'TLS_WEB_SERVER_AUTHENTICATION',
  '1.3.6.1.5.5.7.3.2': 'TLS_WEB_CLIENT_AUTHENTICATION',
  '1.3.6.1.5.5.7.3.3': 'CODE_SIGNING',
  '1.3.6.1.5.5.7.3.4': 'EMAIL_PROTECTION',
  '1.3.6.1.5.5.7.3.8': 'TIME_STAMPING',
  '1.3.6.1.5.5.7.3.9': 'OCSP_SIGNING',
};

function usagesOf(
  leaf: X509Certificate,
): Pick<CertificateMaterial, 'names' | 'keyUsages' | 'extendedKeyUsages'> {
  const parsed = new x509.X509Certificate(leaf.raw);
  const names = parsed.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  const flags = parsed.getExtension(x509.KeyUsagesExtension)?.usages ?? 0;
  const oids = parsed.getExtension(x509.ExtendedKeyUsageExtension)?.usages ?? [];
  return {
    names: names.filter((name) => name.type === 'dns').map((name) => name.value),
    keyUsages: usageFlags.filter(([flag]) => flags & flag).map(([, name]) => name),
    extendedKeyUsages: oids.map((oid) => ({
      oid: String(oid),
      name: purposes[String(oid)] ?? 'CUSTOM',
    })),
  };
}
