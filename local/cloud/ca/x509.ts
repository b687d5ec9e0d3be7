import {
  generateKeyPairSync,
  KeyObject,
  randomBytes,
  webcrypto,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import { addMs, dayMs } from '../clock.ts';

/** The key algorithms that the CA certifies; ACM imports all of them. */
export type KeyAlgorithm = 'ecdsa-p256' | 'ecdsa-p384' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096';

export type KeyPair = {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** Unencrypted PKCS#8. */
  readonly keyPem: string;
};

type KeyUsage = 'digitalSignature' | 'keyEncipherment' | 'keyAgreement';

export type IssueRequest = {
  /** An empty list leaves out the SAN extension. */
  readonly names: readonly string[];
  /** The first name that fits by default. */
  readonly commonName?: string;
  readonly publicKey: webcrypto.CryptoKey | KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hex; random by default. */
  readonly serial?: string;
  /** Let's Encrypt's by default: digitalSignature, and keyEncipherment for an RSA key. */
  readonly keyUsages?: readonly KeyUsage[];
  /** The URL of its revocation list. */
  readonly crlUrl?: string;
  /** serverAuth by default. */
  readonly extendedKeyUsages?: readonly ('serverAuth' | 'clientAuth')[];
};

type IssuedCertificate = {
  readonly certificatePem: string;
  /** The intermediate only: servers do not send the root. */
  readonly chainPem: string;
  /** Upper-case hex, as node's `X509Certificate.serialNumber` prints it. */
  readonly serial: string;
};

export type CertificateAuthority = {
  readonly rootPem: string;
  readonly intermediatePem: string;
  /** The same intermediate under other roots. */
  readonly alternates: readonly { readonly rootName: string; readonly intermediatePem: string }[];
  issue(request: IssueRequest): Promise<IssuedCertificate>;
  /** The revocation list as DER. */
  revocationList(list: {
    readonly url: string;
    readonly entries: readonly RevokedEntry[];
    readonly thisUpdate: Date;
    readonly nextUpdate: Date;
  }): Promise<Buffer>;
};

/** `reason` is a number from RFC 5280 §5.3.1. */
export type RevokedEntry = {
  readonly serial: string;
  readonly at: Date;
  readonly reason: number;
};

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const caUsages = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
const rootAgeMs = 3 * 365 * dayMs;
const rootLifeMs = 20 * 365 * dayMs;

/** Root and intermediate with ECDSA P-256 keys, both older than any certificate that tests back-date. */
export async function createCertificateAuthority(options: {
  readonly name: string;
  readonly now: Date;
  /** The number of further roots of the intermediate. */
  readonly alternateRoots?: number;
}): Promise<CertificateAuthority> {
  const validity = { from: addMs(options.now, -rootAgeMs), to: addMs(options.now, rootLifeMs) };
  const keys = await signingKeys();
  const subject = `CN=${options.name} Intermediate`;

  async function rootNamed(commonName: string) {
    const rootKeys = await signingKeys();
    const signer = { subject: `CN=${commonName}`, keys: rootKeys };
    const root = await certify(
      { ...validity, subject: signer.subject, publicKey: rootKeys.publicKey },
      [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(caUsages, true),
      ],
      signer,
    );
    const intermediate = await certify(
      { ...validity, subject, publicKey: keys.publicKey },
      [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(caUsages, true),
      ],
      signer,
    );
    return {
      rootName: commonName,
      rootPem: root.toString(),
      intermediatePem: intermediate.toString(),
    };
  }

  const { rootPem, intermediatePem } = await rootNamed(`${options.name} Root`);
  const alternates = [];
  for (let index = 1; index <= (options.alternateRoots ?? 0); index += 1) {
    alternates.push(await rootNamed(`${options.name} Root ${index}`));
  }
  return {
    rootPem,
    intermediatePem,
    alternates,
    async issue(request) {
      const leaf = await issueLeaf(request, { subject, keys });
      return {
        certificatePem: leaf.toString(),
        chainPem: intermediatePem,
        serial: leaf.serialNumber,
      };
    },
    async revocationList({ url, entries, thisUpdate, nextUpdate }) {
      const list = await x509.X509CrlGenerator.create({
        issuer: subject,
        thisUpdate,
        nextUpdate,
        signingAlgorithm: signing,
        signingKey: keys.privateKey,
        entries: entries.map(({ serial, at, reason }) => ({
          serialNumber: serial,
          revocationDate: at,
          reason,
        })),
        extensions: [issuingDistributionPoint(url)],
      });
      return Buffer.from(list.rawData);
    },
  };
}

/** RFC 5280 §5.2.5, with the address alone. */
function issuingDistributionPoint(url: string): x509.Extension {
  const wrapped = [0x86, 0xa0, 0xa0, 0x30].reduce<Buffer>(
    (inside, tag) => Buffer.concat([Buffer.of(tag, inside.length), inside]),
    Buffer.from(url),
  );
  return new x509.Extension('2.5.29.28', true, wrapped);
}

/** An RSA key takes up to a second or two, so tests that need several should share them. */
export function makeKey(algorithm: KeyAlgorithm): KeyPair {
  const { publicKey, privateKey } = generate(algorithm);
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  return { publicKey, privateKey, keyPem: keyPem.toString() };
}

function generate(algorithm: KeyAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (algorithm) {
    case 'ecdsa-p256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ecdsa-p384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'rsa-2048':
    case 'rsa-3072':
    case 'rsa-4096':
      return generateKeyPairSync('rsa', { modulusLength: Number(algorithm.slice('rsa-'.length)) });
  }
}

type Signer = { readonly subject: string; readonly keys: webcrypto.CryptoKeyPair };

async function issueLeaf(request: IssueRequest, signer: Signer): Promise<X509Certificate> {
  const publicKey =
    request.publicKey instanceof KeyObject ? request.publicKey : KeyObject.from(request.publicKey);
  const commonName = request.commonName ?? request.names.find((name) => name.length <= 64);
  const usages = request.keyUsages ?? defaultKeyUsages(publicKey);
  const purposes = request.extendedKeyUsages ?? ['serverAuth'];
  const names = request.names.map((name) => ({
    type: isIP(name) ? ('ip' as const) : ('dns' as const),
    value: name,
  }));
  return await certify(
    {
      from: request.notBefore,
      to: request.notAfter,
      subject: commonName === undefined ? '' : `CN=${commonName}`,
      publicKey: publicKey.export({ type: 'spki', format: 'der' }),
      ...(request.serial === undefined ? {} : { serial: request.serial }),
    },
    [
      new x509.BasicConstraintsExtension(false, undefined, true),
      ...(usages.length ? [new x509.KeyUsagesExtension(flags(usages), true)] : []),
      ...(purposes.length
        ? [new x509.ExtendedKeyUsageExtension(purposes.map((each) => x509.ExtendedKeyUsage[each]))]
        : []),
      ...(request.crlUrl ? [new x509.CRLDistributionPointsExtension([request.crlUrl])] : []),
      // RFC 5280 §4.2.1.6: critical where the subject is empty.
      ...(names.length
        ? [new x509.SubjectAlternativeNameExtension(names, commonName === undefined)]
        : []),
    ],
    signer,
  );
}

function defaultKeyUsages(publicKey: KeyObject): readonly KeyUsage[] {
  return publicKey.asymmetricKeyType === 'rsa'
    ? ['digitalSignature', 'keyEncipherment']
    : ['digitalSignature'];
}

function flags(usages: readonly KeyUsage[]): x509.KeyUsageFlags {
  return usages.reduce<number>((sum, usage) => sum | x509.KeyUsageFlags[usage], 0);
}

type Subject = {
  readonly subject: string;
  readonly publicKey: x509.PublicKeyType;
  readonly from: Date;
  readonly to: Date;
  readonly serial?: string;
};

async function certify(
  about: Subject,
  extensions: readonly x509.Extension[],
  signer: Signer,
): Promise<X509Certificate> {
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: about.serial ?? randomSerial(),
    subject: about.subject,
    issuer: signer.subject,
    notBefore: about.from,
    notAfter: about.to,
    publicKey: about.publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: signing,
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(about.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.keys.publicKey),
    ],
  });
  return new X509Certificate(Buffer.from(certificate.rawData));
}

/** A leading zero, as in Let's Encrypt's serials, reveals code that trims or compares them carelessly. */
function randomSerial(): string {
  return `04${randomBytes(16).toString('hex')}`;
}

async function signingKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify']);
}
