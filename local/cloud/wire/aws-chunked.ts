import type { WireRequest } from './protocol.ts';
import { AwsError } from './service.ts';

/**
 * Decodes the `aws-chunked` encoding of S3 uploads: `<hex size>[;chunk-signature=…]` before each chunk, and trailing
 * headers (the checksum) after the last one, which count like leading ones.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function withoutChunks(request: WireRequest): WireRequest {
  const encodings = (request.headers['content-encoding'] ?? '').split(',').map((it) => it.trim());
  const streamed = request.headers['x-amz-content-sha256']?.startsWith('STREAMING-') ?? false;
  if (!streamed && !encodings.includes('aws-chunked')) return request;
  const { body, trailers } = unchunked(request.body);
  const declared = request.headers['x-amz-decoded-content-length'];
  if (declared !== undefined && Number(declared) !== body.byteLength) {
    throw new AwsError(
      'IncompleteBody',
      `the body holds ${body.byteLength} bytes, not ${declared}`,
    );
  }
  const { 'content-encoding': _, ...headers } = request.headers;
  const kept = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked');
  return {
    ...request,
    body,
    headers: {
      ...headers,
      ...trailers,
      ...(kept.length > 0 ? { 'content-encoding': kept.join(',') } : {}),
    },
  };
}

function unchunked(bytes: Uint8Array) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = buffer.indexOf('\r\n', at);
    const size = Number.parseInt(buffer.toString('latin1', at, lineEnd), 16);
    if (lineEnd < 0 || Number.isNaN(size)) {
      throw new AwsError('IncompleteBody', 'the aws-chunked body is broken');
    }
    at = lineEnd + 2;
    if (size === 0) return { body: Buffer.concat(chunks), trailers: trailersOf(buffer, at) };
    chunks.push(buffer.subarray(at, at + size));
    at += size + 2;
  }
}

function trailersOf(buffer: Buffer, from: number): Record<string, string> {
  const lines = buffer.toString('latin1', from).split(/\r?\n/);
  const pairs = lines.map((line) => /^([^:]+):\s*(.*)$/.exec(line));
  return Object.fromEntries(
    pairs.flatMap((pair) => (pair ? [[String(pair[1]).toLowerCase(), String(pair[2])]] : [])),
  );
}
