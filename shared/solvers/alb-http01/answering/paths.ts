import { domainToASCII } from 'node:url';

/** RFC 8555 §8.3. */
export const challengePath = '/.well-known/acme-challenge/';

/** Where a CA looks for a key authorization: what stands before the dot is the token. */
export function pathOf(keyAuthorization: string): string {
  return `${challengePath}${tokenOf(keyAuthorization)}`;
}

export function tokenOf(keyAuthorization: string): string {
  return keyAuthorization.split('.')[0] ?? '';
}

/** RFC 8555 §8.3: base64url with 128 bits at least, which are 22 characters. CAs send 43. */
const token = /^[A-Za-z0-9_-]{22,128}$/;

/** Whether something can be a token: strangers send what they like, and nothing else ever becomes the key of an object. */
export function isToken(text: string): boolean {
  return token.test(text);
}

/** RFC 1035 §2.3.1, with the underscores that some names have; no address, which is all digits at its end. */
const host = /^(?=.{1,253}$)(?!(.*\.)?\d+$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;

/** The name in a `Host` header, in the form of certificates; null where it is none, as an address is none. */
export function hostNamed(header: string | undefined): string | null {
  const written = header?.replace(/:\d{1,5}$/, '').replace(/\.$/, '') ?? '';
  const isName = written.length <= 253 && !/[\s%:/?#@\\[\]]/.test(written);
  const name = isName ? domainToASCII(written) : '';
  return host.test(name) ? name : null;
}

/** The object that holds what a permanent rule answers for a token at a host: nothing of it is for another one. */
export function answerKey(token: string, host: string): string {
  return `${formerAnswerKey(token)}/${host}`;
}

/** Where earlier versions put it, for every host. Nobody reads it any more. */
export function formerAnswerKey(token: string): string {
  return `challenges/http-01/${token}`;
}
