import { canonicalRequest, hmacSha256, sha256Hex } from '../records/signing.ts';

export type AliRequest = {
  readonly host: string;
  readonly action: string;
  readonly version: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly at: Date;
  readonly nonce: string;
};

const algorithm = 'ACS3-HMAC-SHA256';

/**
 * The query and the headers of an RPC call with an empty body, signed with "signature method V3".
 * https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
export function signAli(
  request: AliRequest,
  key: { readonly accessKeyId: string; readonly accessKeySecret: string },
): { readonly query: string; readonly headers: Readonly<Record<string, string>> } {
  const query = canonicalQuery(request.parameters);
  const headers = {
    host: request.host,
    'x-acs-action': request.action,
    'x-acs-content-sha256': sha256Hex(''),
    'x-acs-date': request.at.toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': request.nonce,
    'x-acs-version': request.version,
  };
  const { hash, signedHeaders } = canonicalRequest({ query, headers, body: '' });
  const signature = hmacSha256(key.accessKeySecret, `${algorithm}\n${hash}`).toString('hex');
  const { host: _host, ...sent } = headers;
  return {
    query,
    headers: {
      ...sent,
      accept: 'application/json',
      authorization: `${algorithm} Credential=${key.accessKeyId},SignedHeaders=${signedHeaders},Signature=${signature}`,
    },
  };
}

function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .toSorted()
    .map((name) => `${encoded(name)}=${encoded(parameters[name] ?? '')}`)
    .join('&');
}

/** RFC 3986: escapes everything but the unreserved characters, a few more than encodeURIComponent. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
