import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { element, identifier, tags } from '#shared/x509/der.ts';

/**
 * PKCS #12 (RFC 7292) as OpenSSL 3, JDK 17 and Windows Server 2019 write it: PBES2 with AES-256 and HMAC with SHA-256. Node
 * reads the format and does not write it; its own cryptography does all that encrypts here.
 */
export type Pkcs12 = {
  /** PKCS #8, DER. */
  readonly key: Buffer;
  /** DER, the leaf first. */
  readonly certificates: readonly Buffer[];
  /** The name of the entry, as Java's alias. */
  readonly name: string;
  readonly password: string;
};

/** NIST SP 800-63B §5.1.1.2 asks for 10,000 at least, which JDK 17 writes too. */
const iterations = 10_000;

const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacWithSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

const { integer, octetString, sequence, set } = tags;
const bmpString = 0x1e;

/**
 * Returns the same bytes for the same input, so that a file can be compared: salts are no random numbers, but a MAC, under
 * the private key, of all that is kept. Nobody without the key can foresee them, and no two inputs share one.
 */
export function pkcs12(given: Pkcs12): Buffer {
  const { certificates, key, name, password } = given;
  const saltOf = saltsOf(given);
  const [leaf] = certificates;
  const keyId = createHash('sha256')
    .update(leaf ?? '')
    .digest()
    .subarray(0, 20);
  const own = [
    attribute(oids.friendlyName, bmpString, utf16(name)),
    attribute(oids.localKeyId, octetString, keyId),
  ];
  const certificateBags = certificates.map((certificate, index) =>
    bag(oids.certificateBag, certificateValue(certificate), index === 0 ? own : []),
  );
  const sealedKey = encrypted(key, password, saltOf('key'));
  const shrouded = element(sequence, sealedKey.algorithm, element(octetString, sealedKey.bytes));
  const keyBag = bag(oids.shroudedKeyBag, shrouded, own);
  const safe = element(
    sequence,
    encryptedContent(element(sequence, ...certificateBags), password, saltOf('certificates')),
    plainContent(element(sequence, keyBag)),
  );
  return element(sequence, number(3), plainContent(safe), macOf(safe, password, saltOf('mac')));
}

type Salt = { readonly salt: Buffer; readonly iv: Buffer };

function saltsOf({ certificates, key, name, password }: Pkcs12): (purpose: string) => Salt {
  const kept = createHash('sha256');
  for (const part of [...certificates, Buffer.from(name), Buffer.from(password)]) {
    kept.update(createHash('sha256').update(part).digest());
  }
  const digest = kept.digest();
  return (purpose) => {
    const of = (use: string) =>
      createHmac('sha256', key).update(`certkeep pkcs12 ${purpose} ${use}`).update(digest).digest();
    return { salt: of('salt').subarray(0, 16), iv: of('iv').subarray(0, 16) };
  };
}

function plainContent(content: Buffer): Buffer {
  return element(sequence, identifier(oids.data), element(0xa0, element(octetString, content)));
}

function encryptedContent(content: Buffer, password: string, salt: Salt): Buffer {
  const { algorithm, bytes } = encrypted(content, password, salt);
  const inner = element(sequence, identifier(oids.data), algorithm, element(0x80, bytes));
  return element(
    sequence,
    identifier(oids.encryptedData),
    element(0xa0, element(sequence, number(0), inner)),
  );
}

/** RFC 8018 §6.2: PBES2. */
function encrypted(content: Buffer, password: string, { iv, salt }: Salt) {
  const cipherKey = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const derivation = element(
    sequence,
    element(octetString, salt),
    number(iterations),
    element(sequence, identifier(oids.hmacWithSha256), element(tags.null)),
  );
  const algorithm = element(
    sequence,
    identifier(oids.pbes2),
    element(
      sequence,
      element(sequence, identifier(oids.pbkdf2), derivation),
      element(sequence, identifier(oids.aes256Cbc), element(octetString, iv)),
    ),
  );
  return { algorithm, bytes: Buffer.concat([cipher.update(content), cipher.final()]) };
}

function certificateValue(certificate: Buffer): Buffer {
  return element(
    sequence,
    identifier(oids.x509Certificate),
    element(0xa0, element(octetString, certificate)),
  );
}

function bag(oid: string, value: Buffer, attributes: readonly Buffer[]): Buffer {
  const sorted = attributes.toSorted(Buffer.compare);
  const all = sorted.length > 0 ? [element(set, ...sorted)] : [];
  return element(sequence, identifier(oid), element(0xa0, value), ...all);
}

function attribute(oid: string, tag: number, value: Buffer): Buffer {
  return element(sequence, identifier(oid), element(set, element(tag, value)));
}

/** RFC 7292 §5.1, over the content of authSafe. */
function macOf(safe: Buffer, password: string, { salt }: Salt): Buffer {
  const mac = createHmac('sha256', macKey(password, salt)).update(safe).digest();
  const algorithm = element(sequence, identifier(oids.sha256), element(tags.null));
  return element(
    sequence,
    element(sequence, algorithm, element(octetString, mac)),
    element(octetString, salt),
    number(iterations),
  );
}

/** RFC 7292 appendix B.2 for SHA-256 and a key of 32 bytes, which takes one round. */
function macKey(password: string, salt: Buffer): Buffer {
  const blockBytes = 64;
  const filled = (bytes: Buffer) =>
    Buffer.alloc(Math.ceil(bytes.length / blockBytes) * blockBytes, bytes);
  const forMac = Buffer.alloc(blockBytes, 3);
  const secret = Buffer.concat([utf16(password), Buffer.alloc(2)]);
  let key = Buffer.concat([forMac, filled(salt), filled(secret)]);
  for (let round = 0; round < iterations; round += 1) {
    key = createHash('sha256').update(key).digest();
  }
  return key;
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

function number(value: number): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const isNegative = (bytes[0] ?? 0) >= 0x80;
  return element(integer, isNegative ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}
