import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { CertkeepError } from '#shared/errors.ts';
import { cleanText } from '#shared/text/plain-text.ts';

const decoders = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Decodes a body's content coding (RFC 9110 §8.4.1). certkeep requests none, but a server may still use one.
 * @throws CertkeepError IssuerAnswerInvalid for another coding, and for more than `maxBytes` after decoding
 */
export async function decoded(
  body: Buffer,
  coding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const name = coding?.trim().toLowerCase() ?? '';
  // An answer to HEAD names the coding of a body that it does not send.
  if (name === '' || name === 'identity' || body.length === 0) return body;
  if (!Object.hasOwn(decoders, name)) throw invalid(`the content coding "${name}"`);
  const decode = decoders[name as keyof typeof decoders];
  return decode(body, { maxOutputLength: maxBytes }).catch((error) => {
    throw invalid(`what is no ${name}, or more than ${maxBytes} bytes of it`, error);
  });
}

function invalid(what: string, cause?: unknown): CertkeepError {
  return new CertkeepError('IssuerAnswerInvalid', `the CA sent ${cleanText(what, 200)}`, { cause });
}
