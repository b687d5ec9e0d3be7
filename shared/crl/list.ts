import { verify, X509Certificate } from 'node:crypto';
import { cleanText } from '#shared/text/plain-text.ts';
import { type Element, elementAt, elementsIn, tags } from '#shared/x509/der.ts';
import { distributionUrls, extensionsIn } from '#shared/x509/extensions.ts';
import { countEntries, entryOf } from './entries.ts';
import { invalid, named } from './invalid.ts';

/** Keeps the list's bytes and looks entries up in them: an object per entry would take thirty times the memory. */
export type RevocationList = {
  readonly nextUpdate: Date;
  /** The bytes that it occupies in memory. */
  readonly bytes: number;
  /** The number of certificates that it names. */
  readonly count: number;
  /** Finds a serial's (hex) entry; null where the list does not name it. */
  readonly find: (serial: string) => Revoked | null;
};

type Revoked = { readonly at: Date; readonly reason: string | null };

/** Maps object identifiers (content in hex) to node:crypto's name of the hash. */
const signatureHashes: Readonly<Record<string, string>> = {
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
};
const reasonCode = '551d15';
const issuingDistributionPoint = '551d1c';
const deltaIndicator = '551d1b';

/** RFC 5280 §5.3.1, which does not use 7. */
const reasons: Readonly<Record<number, string>> = {
  0: 'unspecified',
  1: 'keyCompromise',
  2: 'cACompromise',
  3: 'affiliationChanged',
  4: 'superseded',
  5: 'cessationOfOperation',
  6: 'certificateHold',
  8: 'removeFromCRL',
  9: 'privilegeWithdrawn',
  10: 'aACompromise',
};

/**
 * Reads a list (RFC 5280 §5). It is valid when the certificate's issuer signed it, and when it is the one of that address,
 * complete and not expired. Lists come over plain HTTP, where anybody may alter them, so nothing but the three elements
 * that verify the signature is read before that.
 * @throws CertkeepError RevocationListInvalid
 */
export function readRevocationList(
  der: Buffer,
  expected: { readonly url: string; readonly issuerPem: string; readonly now: Date },
): RevocationList {
  return named(() => believed(der, expected));
}

/** The fields are version, signature, issuer, thisUpdate, nextUpdate, revokedCertificates and crlExtensions. */
const mostFields = 7;

function believed(
  der: Buffer,
  { url, issuerPem, now }: { url: string; issuerPem: string; now: Date },
): RevocationList {
  const list = elementAt(der);
  const [tbs, algorithm, signature] = elementsIn(list.content, 3);
  if (!tbs || !algorithm || !signature) throw invalid('is incomplete');
  if (list.tag !== tags.sequence) throw invalid('is none');
  if (list.whole.length < der.length) throw invalid('is followed by something else');
  checkSignature(tbs, algorithm, signature, new X509Certificate(issuerPem));
  const fields = elementsIn(tbs.content, mostFields);
  // RFC 5280 §5.1.1.2: the signed part repeats the algorithm, and both must be equal.
  if (!fields.some(({ whole }) => whole.equals(algorithm.whole))) {
    throw invalid('names two ways of being signed');
  }
  const times = fields.filter(isTime);
  const extensions = extensionsOf(fields.find(({ tag }) => tag === 0xa0));
  if (extensions.has(deltaIndicator)) throw invalid('holds changes only');
  const point = extensions.get(issuingDistributionPoint);
  // The same CA signs the other parts of its list too.
  const urls = point ? distributionUrls(elementAt(point)) : [];
  if (urls.length > 0 && !urls.includes(url))
    throw invalid(`is the one at ${cleanText(urls[0] ?? '', 300)}`);
  const nextUpdate = times[1] && timeOf(times[1]);
  if (!nextUpdate || nextUpdate <= now) throw invalid('is over');
  // version, algorithm, issuer, thisUpdate and nextUpdate come before; version and the rest are optional.
  const entries = fields.slice(fields.indexOf(times[1] as Element) + 1);
  const listed = entries.find(({ tag }) => tag === tags.sequence);
  const revoked = listed?.content ?? Buffer.alloc(0);
  const whole = { begins: 0, ends: revoked.length };
  const count = countEntries(revoked, whole);
  return {
    nextUpdate,
    bytes: der.length,
    count,
    find: (serial) =>
      named(() => {
        const found = entryOf(revoked, whole, serial);
        return found && revokedOf(revoked.subarray(found.begins, found.ends));
      }),
  };
}

function checkSignature(
  signed: Element,
  algorithm: Element,
  signature: Element,
  issuer: X509Certificate,
): void {
  const isList = signed.tag === tags.sequence && signature.tag === tags.bitString;
  if (!isList) throw invalid('is something else that three elements make');
  const identifier = elementsIn(algorithm.content, 2)[0]?.content.toString('hex') ?? '';
  const hash = signatureHashes[identifier];
  if (!hash) throw invalid('is signed in a way that certkeep does not know');
  // The first byte of a bit string counts its unused bits; a signature has none.
  const isWhole = signature.content[0] === 0;
  if (!isWhole || !verify(hash, signed.whole, issuer.publicKey, signature.content.subarray(1))) {
    throw invalid('is not signed by the issuer of the certificate');
  }
}

/** `entry` is the content of the entry's sequence. */
function revokedOf(entry: Buffer): Revoked {
  const [serial, time, extensions] = elementsIn(entry, 3);
  if (!serial || !time) throw invalid('has an entry without serial or time');
  const code = extensionsIn(extensions).get(reasonCode);
  const reason = code && elementAt(code).content[0];
  return { at: timeOf(time), reason: reason === undefined ? null : (reasons[reason] ?? null) };
}

function extensionsOf(explicit: Element | undefined): ReadonlyMap<string, Buffer> {
  return extensionsIn(explicit && elementAt(explicit.content));
}

function isTime({ tag }: Element): boolean {
  return tag === tags.utcTime || tag === tags.generalizedTime;
}

/** RFC 5280 §4.1.2.5: a time is always in UTC and has seconds; a two-digit year means 1950 to 2049. */
function timeOf({ tag, content }: Element): Date {
  const digits = content.toString('latin1');
  const century = tag === tags.generalizedTime ? '' : Number(digits.slice(0, 2)) < 50 ? '20' : '19';
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(`${century}${digits}`);
  const [, year, month, day, hour, minute, second] = parts ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) throw invalid('holds a time that is none');
  return time;
}
