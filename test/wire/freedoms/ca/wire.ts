import type { ServerResponse } from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';
import type { Is } from './urls.ts';

export type Reply = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** An object, or text of another media type. */
  readonly body?: object | string;
  readonly type?: string;
};

/** Writes a reply as the freedoms have it. */
export function send(response: ServerResponse, reply: Reply, is: Is): void {
  const { status = 200, body = '', headers = {} } = reply;
  const type = reply.type ?? (status >= 400 ? 'application/problem+json' : 'application/json');
  const text = typeof body === 'string' ? body : json(body, is);
  const { bytes, coding } = coded(Buffer.from(text), is);
  const fields: Record<string, string | readonly string[]> = {
    ...headers,
    ...(text !== '' && mediaType(type, status, is)),
    ...(coding && text !== '' && { 'content-encoding': coding }),
    ...(!is('chunked') && { 'content-length': String(bytes.length) }),
    ...(is('closesConnections') && { connection: 'close' }),
  };
  for (const [name, value] of Object.entries(fields)) {
    response.setHeader(is('capitalHeaders') ? name.toUpperCase() : name, value);
  }
  response.writeHead(status);
  response.end(bytes);
}

function json(body: object, is: Is): string {
  const whole = { ...body, ...(is('unknownFields') && { 'x-more': { deep: [1, 2] }, id: 7 }) };
  return JSON.stringify(whole, null, is('wideJson') ? 4 : 0);
}

function mediaType(type: string, status: number, is: Is): Record<string, string> {
  if (is('noMediaTypes')) return {};
  if (status >= 400 && is('plainProblems')) return { 'content-type': 'text/plain' };
  if (is('capitalMediaTypes')) return { 'content-type': type.toUpperCase() };
  if (is('mediaTypeParameters')) return { 'content-type': `${type}; charset=utf-8` };
  return { 'content-type': type };
}

function coded(bytes: Buffer, is: Is): { readonly bytes: Buffer; readonly coding: string | null } {
  if (is('gzip')) return { bytes: gzipSync(bytes), coding: 'gzip' };
  if (is('deflate')) return { bytes: deflateSync(bytes), coding: 'deflate' };
  return { bytes, coding: is('zstd') ? 'zstd' : null };
}
