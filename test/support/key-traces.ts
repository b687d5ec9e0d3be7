import { createPrivateKey } from 'node:crypto';

const pemPattern = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/g;

/** Every private key in values of the key store, as PEM. */
export function privateKeysIn(values: readonly (string | Uint8Array)[]): readonly string[] {
  const texts = values.map((value) => Buffer.from(value).toString().replaceAll('\\n', '\n'));
  return [...new Set(texts.flatMap((text) => text.match(pemPattern) ?? []))];
}

/** What would stand in a text that holds the key in any of these forms: PEM, base64 of PEM, DER, hex, byte list, JWK. */
function tracesOf(pem: string): readonly string[] {
  const key = createPrivateKey(pem);
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const jwk = key.export({ format: 'jwk' });
  const secret = secretIn(der, jwk.d);
  const slices = (text: string) => slicesOf(text, secret);
  const secretNumbers = [jwk.d, jwk.p, jwk.q].filter((value) => value !== undefined);
  return [
    ...bodyLines(pem, secret),
    ...slices(Buffer.from(pem).toString('base64')),
    ...slices(der.toString('base64')),
    ...slices(der.toString('base64url')),
    ...slices(der.toString('hex')),
    ...slices(der.toString('hex').toUpperCase()),
    ...slices([...der].join(',')),
    ...slices([...der].join(', ')),
    ...secretNumbers,
  ];
}

/** From which to which share of the key nobody else may know it. */
type Span = { readonly from: number; readonly to: number };

/** Headers are alike in all keys, and an elliptic one ends with what stands in its certificate. */
function secretIn(der: Buffer, number = ''): Span {
  const bytes = Buffer.from(number, 'base64url');
  const start = der.indexOf(bytes);
  if (start < 0) throw new Error('the secret number of a key is not found in it');
  return { from: start / der.length, to: (start + bytes.length) / der.length };
}

function bodyLines(pem: string, { from, to }: Span): readonly string[] {
  const lines = pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  return lines.filter((line, at) => {
    const isSecret = at + 1 > from * lines.length && at < to * lines.length;
    return isSecret && line.length >= 24;
  });
}

/** Pieces from its beginning, middle and end. */
function slicesOf(text: string, { from, to }: Span): readonly string[] {
  const length = 32;
  return [0.2, 0.5, 0.8].map((share) => {
    const middle = Math.floor(text.length * (from + (to - from) * share));
    return text.slice(middle - length / 2, middle + length / 2);
  });
}

/** The texts in which one of the keys stands in some form. */
export function textsWithKey(texts: readonly string[], pems: readonly string[]): readonly string[] {
  const traces = pems.flatMap(tracesOf);
  return texts.filter((text) => traces.some((trace) => text.includes(trace)));
}
