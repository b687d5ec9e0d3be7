import { createHash, createHmac } from 'node:crypto';

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function hmacSha256(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The hash of a POST to `/` as Alibaba Cloud and Tencent Cloud sign it, and the names of the signed headers. */
export function canonicalRequest(request: {
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}): { readonly hash: string; readonly signedHeaders: string } {
  const { query, headers, body } = request;
  const names = Object.keys(headers).toSorted();
  const lines = names.map((name) => `${name}:${headers[name]?.trim()}\n`).join('');
  const signedHeaders = names.join(';');
  const text = ['POST', '/', query, lines, signedHeaders, sha256Hex(body)].join('\n');
  return { hash: sha256Hex(text), signedHeaders };
}
