import { createPrivateKey } from 'node:crypto';

const pemPattern = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/g;

/** Every private key in values of the key store, as PEM. */
export function privateKeysIn(values: readonly (string | Uint8Array)[]): readonly string[] {
  const texts = values.map((value) => Buffer.from(value).toString().replaceAll('\\n', '\n'));
  return [...new Set(texts.flatMap((text) => text.match(pemPattern) ?? []))];
}

/** What would stand in a text that holds the key in any of these forms: PEM, base64 of PEM, DER, hex, byte list, JWK. */
export function tracesOf(pem: string): readonly string[] {
  const key = createPrivateKey(pem);
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const jwk = key.export({ format: 'jwk' });
  const bodyLines = pem
    .split('\n')
    .filter((line) => line.length >= 24 && !line.startsWith('-----'));
  const secretNumbers = [jwk.d, jwk.p, jwk.q].filter((value) => value !== undefined);
  return [
    ...bodyLines,
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

/** Pieces from the second half, where the random part is: headers are alike in all keys. */
function slices(text: string): readonly string[] {
  const length = 32;
  return [0.5, 0.65, 0.8].map((share) => {
    const start = Math.floor((text.length - length) * share);
    return text.slice(start, start + length);
  });
}

/** The texts in which one of the keys stands in some form. */
export function textsWithKey(texts: readonly string[], pems: readonly string[]): readonly string[] {
  const traces = pems.flatMap(tracesOf);
  return texts.filter((text) => traces.some((trace) => text.includes(trace)));
}
