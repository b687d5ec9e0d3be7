import { X509Certificate } from 'node:crypto';
import { type Element, elementAt, elementsIn, tags } from './der.ts';
import { readable } from './readable.ts';

/** Object identifiers, as their content in hex. */
const authorityKeyIdentifier = '551d23';
const crlDistributionPoints = '551d1f';
const keyUsage = '551d0f';
const extendedKeyUsage = '551d25';

export type CertificateLinks = {
  /** The identifier of RFC 9773 §4.1; null without an authority key identifier. */
  readonly renewalId: string | null;
  /** The URL of its revocation list (RFC 5280 §4.2.1.13); null where there is none on the web. */
  readonly crlUrl: string | null;
};

/** The URL is fetched, and the identifier becomes a part of one; longer values count as missing. */
const longestUrl = 2_000;
const longestId = 500;

/**
 * The facts about a certificate that node:crypto does not offer. @throws CertkeepError CertificateRejected when it cannot
 * be read
 */
export function linksOf(pem: string): CertificateLinks {
  return readable(() => linksAmong(fieldsOf(pem)));
}

function linksAmong(fields: readonly Element[]): CertificateLinks {
  const serial = fields.find(({ tag }) => tag === tags.integer);
  const extensions = extensionsAmong(fields);
  const keyId = keyIdentifier(extensions.get(authorityKeyIdentifier));
  const renewalId = keyId && serial ? `${base64url(keyId)}.${base64url(serial.content)}` : null;
  return {
    renewalId: renewalId && renewalId.length <= longestId ? renewalId : null,
    crlUrl: firstUrl(extensions.get(crlDistributionPoints)),
  };
}

export type UsageExtensions = {
  readonly hasKeyUsage: boolean;
  readonly hasExtendedKeyUsage: boolean;
};

/**
 * Says whether a certificate has the extensions of RFC 5280 §4.2.1.3 and §4.2.1.12. @throws CertkeepError
 * CertificateRejected when it cannot be read
 */
export function usageExtensionsOf(pem: string): UsageExtensions {
  const extensions = readable(() => extensionsAmong(fieldsOf(pem)));
  return {
    hasKeyUsage: extensions.has(keyUsage),
    hasExtendedKeyUsage: extensions.has(extendedKeyUsage),
  };
}

/** The fields of the TBSCertificate (RFC 5280 §4.1). */
function fieldsOf(pem: string): readonly Element[] {
  const { raw } = new X509Certificate(pem);
  const [tbs] = elementsIn(elementAt(raw).content);
  return elementsIn(tbs?.content ?? Buffer.alloc(0));
}

function extensionsAmong(fields: readonly Element[]): ReadonlyMap<string, Buffer> {
  const explicit = fields.find(({ tag }) => tag === 0xa3);
  return extensionsIn(explicit && elementAt(explicit.content));
}

/** The extensions of a certificate, a list or a list's entry (RFC 5280 §4.2): by identifier, the DER inside the octet string. */
export function extensionsIn(list: Element | undefined): ReadonlyMap<string, Buffer> {
  return new Map(
    elementsIn(list?.content ?? Buffer.alloc(0)).map(({ content }) => {
      const parts = elementsIn(content);
      const value = parts.find(({ tag }) => tag === tags.octetString)?.content ?? Buffer.alloc(0);
      return [parts[0]?.content.toString('hex') ?? '', value];
    }),
  );
}

/** RFC 5280 §4.2.1.1: `[0] keyIdentifier`. */
function keyIdentifier(extension: Buffer | undefined): Buffer | null {
  if (!extension) return null;
  return elementsIn(elementAt(extension).content).find(({ tag }) => tag === 0x80)?.content ?? null;
}

function firstUrl(extension: Buffer | undefined): string | null {
  const points = extension ? elementsIn(elementAt(extension).content) : [];
  return points.flatMap(distributionUrls).find(isWeb) ?? null;
}

/** RFC 5280 §4.2.1.13: `[0] distributionPoint`, in it `[0] fullName`, in it `[6] uniformResourceIdentifier`. */
export function distributionUrls(point: Element): readonly string[] {
  const inside = (elements: readonly Element[], wanted: number) =>
    elements.filter(({ tag }) => tag === wanted).flatMap(({ content }) => elementsIn(content));
  const names = inside(inside(elementsIn(point.content), 0xa0), 0xa0);
  return names.filter(({ tag }) => tag === 0x86).map(({ content }) => content.toString('latin1'));
}

function isWeb(url: string): boolean {
  return url.length <= longestUrl && /^https?:$/.test(URL.parse(url)?.protocol ?? '');
}

function base64url(bytes: Buffer): string {
  return bytes.toString('base64url');
}
