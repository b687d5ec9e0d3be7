import { createHash, createHmac } from 'node:crypto';

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function hmacSha256(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Headers as both services want them signed: by lower-case name, in order, a line each. */
export function canonicalHeaders(headers: Readonly<Record<string, string>>) {
  const names = Object.keys(headers).toSorted();
  return {
    text: names.map((name) => `${name}:${headers[name]?.trim()}\n`).join(''),
    signed: names.join(';'),
  };
}
