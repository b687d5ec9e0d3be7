/** One element of DER (X.690): its tag, its content, and the whole with its header. */
export type Element = { readonly tag: number; readonly content: Buffer; readonly whole: Buffer };

export const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** An object per element takes a hundred times the memory of the shortest elements. Nothing that is read has this many. */
const mostElements = 4_096;

/** The elements in sequence. @throws RangeError when it is no DER, or has more than `most` of them */
export function elementsIn(der: Buffer, most = mostElements): readonly Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < der.length; ) {
    if (elements.length === most) throw new RangeError(`more than ${most} elements`);
    const element = elementAt(der, at);
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

/** @throws RangeError when it is no DER */
export function elementAt(der: Buffer, at = 0): Element {
  const tag = byteAt(der, at);
  const first = byteAt(der, at + 1);
  const lengthBytes = first & 0x80 ? first & 0x7f : 0;
  // DER has no indefinite lengths, and nothing here needs four bytes of length.
  if (first === 0x80 || lengthBytes > 4) throw new RangeError(`no DER length at ${at}`);
  if (at + 2 + lengthBytes > der.length) throw new RangeError(`DER at ${at} ends early`);
  const length = lengthBytes > 0 ? der.readUIntBE(at + 2, lengthBytes) : first;
  const begins = at + 2 + lengthBytes;
  const ends = begins + length;
  if (ends > der.length) throw new RangeError(`DER at ${at} ends early`);
  return { tag, content: der.subarray(begins, ends), whole: der.subarray(at, ends) };
}

function byteAt(der: Buffer, at: number): number {
  const byte = der[at];
  if (byte === undefined) throw new RangeError(`DER at ${at} ends early`);
  return byte;
}

/** Writes one element around its content. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes = length.toString(16);
  const digits = Buffer.from(bytes.padStart(bytes.length + (bytes.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 | digits.length), digits, content]);
}

/** An object identifier from its dotted form. */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [40 * first + second, ...rest].flatMap(base128);
  return element(tags.objectIdentifier, Buffer.from(bytes));
}

function base128(value: number): readonly number[] {
  const low = value % 128;
  const high = Math.floor(value / 128);
  return high === 0 ? [low] : [...base128(high).map((byte) => byte | 0x80), low];
}
