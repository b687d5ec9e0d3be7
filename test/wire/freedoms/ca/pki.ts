import { X509Certificate as Parsed, webcrypto as web, type webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
type Pair = webcrypto.CryptoKeyPair;

/** A name with a key that certifies. */
type Party = { readonly name: string; readonly keys: Pair };

type Hierarchy = {
  /** What signs leaves, and what is sent above them, by the shape of the chain. */
  readonly shapes: Readonly<
    Record<string, { readonly signer: Party; readonly above: readonly string[] }>
  >;
};

let made: Promise<Hierarchy> | undefined;

/** One a process: what a CA sends above its leaves, in every shape. */
function hierarchy(): Promise<Hierarchy> {
  made ??= makeHierarchy();
  return made;
}

async function makeHierarchy(): Promise<Hierarchy> {
  const [root, other, middle, issuing, old, stranger] = await Promise.all([
    party('Freedom Root A'),
    party('Freedom Root B'),
    party('Freedom Middle'),
    party('Freedom Issuing'),
    party('Freedom Middle'),
    party('Stranger'),
  ]);
  const rootPem = await authority(root, root);
  const [byRoot, byOther, byMiddle] = await Promise.all([
    authority(issuing, root),
    authority(issuing, other),
    authority(issuing, middle),
  ]);
  const middlePem = await authority(middle, root);
  const signer = issuing;
  const of = (...above: readonly string[]) => ({ signer, above });
  return {
    shapes: {
      usual: of(byRoot),
      rootIncluded: of(byRoot, rootPem),
      rootFirst: of(rootPem, middlePem, byMiddle),
      chainReversed: of(middlePem, byMiddle),
      twice: of(byRoot, byRoot),
      crossSigned: of(byRoot, byOther),
      allCrosses: of(byRoot, await authority(root, other), byOther, await authority(other, root)),
      // RFC 4210 §4.4: the new key, certified by the old one of the same name.
      rollover: of(byMiddle, await authority(middle, old), await authority(old, root)),
      leafOnly: { signer: root, above: [] },
      leafAndRoot: { signer: root, above: [rootPem] },
      strangerOnly: of(await authority(stranger, other)),
    },
  };
}

async function party(name: string): Promise<Party> {
  const keys = await web.subtle.generateKey(signing, true, ['sign', 'verify']);
  return { name, keys };
}

async function authority(subject: Party, by: Party): Promise<string> {
  return certificate({
    subject: `CN=${subject.name}`,
    publicKey: subject.keys.publicKey,
    by,
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2045-01-01T00:00:00Z'),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(subject.keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(by.keys.publicKey),
    ],
  });
}

type Wish = {
  readonly subject: string;
  readonly publicKey: webcrypto.CryptoKey | x509.PublicKey;
  readonly by: Party;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly x509.Extension[];
  readonly serial?: string;
};

async function certificate({ by, extensions, publicKey, serial, ...rest }: Wish): Promise<string> {
  const serialNumber =
    serial ?? Buffer.from(web.getRandomValues(new Uint8Array(8))).toString('hex');
  const made = await x509.X509CertificateGenerator.create({
    ...rest,
    serialNumber,
    issuer: `CN=${by.name}`,
    publicKey,
    signingKey: by.keys.privateKey,
    signingAlgorithm: signing,
    extensions: [...extensions],
  });
  return new Parsed(Buffer.from(made.rawData)).toString();
}

export type LeafWish = {
  readonly csr: Buffer;
  readonly names: readonly string[];
  readonly uri: string | null;
  readonly shape: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly hasKeyIdentifier: boolean;
  readonly commonName: string | null;
  readonly serial?: string;
};

/** Leaf first, then what is sent above it. */
export async function issueLeaf(wish: LeafWish): Promise<readonly string[]> {
  const { shapes } = await hierarchy();
  const { signer, above } = shapes[wish.shape] ?? (shapes.usual as Hierarchy['shapes'][string]);
  const request = new x509.Pkcs10CertificateRequest(wish.csr);
  const dns = wish.names.map((value) => ({ type: 'dns' as const, value }));
  const uris = wish.uri === null ? [] : [{ type: 'url' as const, value: wish.uri }];
  const leaf = await certificate({
    subject: wish.commonName === null ? '' : `CN=${wish.commonName}`,
    publicKey: request.publicKey,
    by: signer,
    notBefore: wish.notBefore,
    notAfter: wish.notAfter,
    ...(wish.serial !== undefined && { serial: wish.serial }),
    extensions: [
      new x509.SubjectAlternativeNameExtension([...dns, ...uris], wish.commonName === null),
      new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
      ...(wish.hasKeyIdentifier
        ? [await x509.AuthorityKeyIdentifierExtension.create(signer.keys.publicKey)]
        : []),
    ],
  });
  return [leaf, ...above];
}

/** The names that a request asks for (RFC 8555 §7.4). */
export function namesInCsr(csr: Buffer): readonly string[] {
  const request = new x509.Pkcs10CertificateRequest(csr);
  const extension = request.getExtension('2.5.29.17');
  const { items } = new x509.SubjectAlternativeNameExtension(extension?.rawData ?? Buffer.of())
    .names;
  return items.filter(({ type }) => type === 'dns').map(({ value }) => value);
}

/** For the TLS of the CA itself, by the machine's own time. */
export async function serverIdentity() {
  const root = await party('Freedom TLS Root');
  const keys = await web.subtle.generateKey(signing, true, ['sign', 'verify']);
  const now = Date.now();
  const day = 86_400_000;
  const times = { notBefore: new Date(now - day), notAfter: new Date(now + 30 * day) };
  const cert = await certificate({
    subject: 'CN=localhost',
    publicKey: keys.publicKey,
    by: root,
    ...times,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(root.keys.publicKey),
    ],
  });
  const pkcs8 = await web.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    cert,
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    rootPem: await authority(root, root),
  };
}
