/** RFC 8555 §8.3. */
export const challengePath = '/.well-known/acme-challenge/';

/** Where a CA looks for a key authorization: what stands before the dot is the token. */
export function pathOf(keyAuthorization: string): string {
  return `${challengePath}${tokenOf(keyAuthorization)}`;
}

export function tokenOf(keyAuthorization: string): string {
  return keyAuthorization.split('.')[0] ?? '';
}

/** The object that holds what a permanent rule answers with. */
export function answerKey(token: string): string {
  return `challenges/http-01/${token}`;
}
