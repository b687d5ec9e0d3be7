import { createPublicKey, verify } from 'node:crypto';
import { type Element, elementAt, elementsIn, identifier } from './der.ts';
import { extensionsIn } from './extensions.ts';

export type CsrFacts = {
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  /** The subject alternative names in lower case; for an entry that is no DNS name, its tag and hex. */
  readonly names: readonly string[];
  /** Says whether the owner of the key signed the request. */
  readonly isSigned: boolean;
};

/** Reads a PKCS #10 request (RFC 2986 §4). @throws RangeError, Error when it is none */
export function readCsr(base64url: string): CsrFacts {
  const parts = elementsIn(elementAt(Buffer.from(base64url, 'base64url')).content);
  const [info, algorithm, signature] = parts as readonly [Element?, Element?, Element?];
  const [, , publicKey, attributes] = elementsIn(info?.content ?? Buffer.alloc(0));
  if (!info || !algorithm || !signature || !publicKey) throw new RangeError('it is cut off');
  return {
    publicKey: publicKey.whole,
    names: namesIn(attributes),
    isSigned: isSigned(info.whole, publicKey.whole, signature.content.subarray(1)),
  };
}

/** RFC 2985 §5.4.2: extensionRequest. */
const extensionRequest = identifier('1.2.840.113549.1.9.14');
const subjectAltName = '551d11';
const dnsName = 0x82;

function namesIn(attributes: Element | undefined): readonly string[] {
  const all = elementsIn(attributes?.content ?? Buffer.alloc(0)).map((each) =>
    elementsIn(each.content),
  );
  const [, values] = all.find(([type]) => type?.whole.equals(extensionRequest)) ?? [];
  const [list] = elementsIn(values?.content ?? Buffer.alloc(0));
  const extension = extensionsIn(list).get(subjectAltName);
  return extension ? elementsIn(elementAt(extension).content).map(nameOf) : [];
}

function nameOf({ tag, content }: Element): string {
  if (tag !== dnsName) return `${tag}:${content.toString('hex')}`;
  return content.toString('latin1').toLowerCase();
}

/** Checks the hashes that certkeep signs with; the key says how. */
function isSigned(info: Buffer, spki: Buffer, signature: Buffer): boolean {
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return ['sha256', 'sha384'].some((hash) => verify(hash, info, key, signature));
}
