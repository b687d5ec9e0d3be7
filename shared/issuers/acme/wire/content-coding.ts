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
 * A body without its content coding (RFC 9110 §8.4.1). None is asked for, but a server may use one all the same.
 * @throws CertkeepError IssuerAnswerInvalid for another coding, and for more than `maxBytes` inside
 */
export async function decoded(
  body: Buffer,
  coding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const name = coding?.trim().toLowerCase() ?? '';
  // An answer to HEAD names the coding of a body that it does not have.
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
