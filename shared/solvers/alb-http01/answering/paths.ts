import { domainToASCII } from 'node:url';

/** RFC 8555 §8.3. */
export const challengePath = '/.well-known/acme-challenge/';

/** The path that a CA asks for a key authorization. The part before the dot is the token. */
export function pathOf(keyAuthorization: string): string {
  return `${challengePath}${tokenOf(keyAuthorization)}`;
}

export function tokenOf(keyAuthorization: string): string {
  return keyAuthorization.split('.')[0] ?? '';
}

/** RFC 8555 §8.3: base64url with 128 bits at least, which are 22 characters. CAs send 43. */
const token = /^[A-Za-z0-9_-]{22,128}$/;

/** Says whether a text can be a token. Strangers send anything, and only a token may become part of an object key. */
export function isToken(text: string): boolean {
  return token.test(text);
}

/** RFC 1035 §2.3.1, with the underscores that some names have. It excludes IP addresses, which end in digits only. */
const host = /^(?=.{1,253}$)(?!(.*\.)?\d+$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;

/** The name in a `Host` header, in the form that certificates use; null where the header holds no name, for example an address. */
export function hostNamed(header: string | undefined): string | null {
  const written = header?.replace(/:\d{1,5}$/, '').replace(/\.$/, '') ?? '';
  const isName = written.length <= 253 && !/[\s%:/?#@\\[\]]/.test(written);
  const name = isName ? domainToASCII(written) : '';
  return host.test(name) ? name : null;
}

/** The object that holds the answer of a permanent rule for a token at one host. No other host gets it. */
export function answerKey(token: string, host: string): string {
  return `${formerAnswerKey(token)}/${host}`;
}

/** Earlier versions stored the answer here, for every host. Nobody reads it any more. */
export function formerAnswerKey(token: string): string {
  return `challenges/http-01/${token}`;
}
