import { CertkeepError } from '#shared/errors.ts';
import { cleanText } from '#shared/text/plain-text.ts';

/**
 * Makes a URL from the CA absolute. An absolute URL stays as written, since the exact string from the server is signed (RFC
 * 8555 §6.4); a relative one is resolved against `base`, the requested URL (RFC 9110 §10.2.2, RFC 8288 §3.1).
 * @throws CertkeepError IssuerAnswerInvalid when it is not an https URL of `base`'s host
 */
export function pinned(written: string, base: string): string {
  const { host } = new URL(base);
  if (URL.canParse(written)) {
    const { href } = onHost(written, host);
    return /^[\x21-\x7e]+$/.test(written) ? written : href;
  }
  return onHost(written === '' ? '' : (URL.parse(written, base)?.href ?? ''), host).href;
}

export function isOnHost(url: string, host: string): boolean {
  const target = URL.parse(url);
  return target !== null && isHttpsOf(target, host);
}

/** @throws CertkeepError IssuerAnswerInvalid when the URL is not an https one of `host`. */
export function onHost(url: string, host: string): URL {
  const target = URL.parse(url);
  if (target && isHttpsOf(target, host)) return target;
  const elsewhere = target ? `${target.protocol}//${target.host}` : 'no URL';
  throw new CertkeepError(
    'IssuerAnswerInvalid',
    `the CA points to ${cleanText(elsewhere, 300)}; only https://${host} is asked`,
  );
}

function isHttpsOf(url: URL, host: string): boolean {
  return url.protocol === 'https:' && url.host === host && !url.username && !url.password;
}
