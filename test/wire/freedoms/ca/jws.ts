import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { refuse } from './problem.ts';

export type Jwk = JsonWebKey;

export type Signed = {
  readonly header: {
    readonly alg: string;
    readonly nonce: string;
    readonly url: string;
    readonly kid?: string;
    readonly jwk?: Jwk;
  };
  /** Null for POST-as-GET (RFC 8555 §6.3). */
  readonly payload: Readonly<Record<string, unknown>> | null;
  verifiedBy(jwk: Jwk): void;
};

/** RFC 8555 §6.2: a flattened JWS, signed by ES256. */
export function readJws(body: string): Signed {
  const { protected: encoded, payload, signature } = JSON.parse(body) as Record<string, string>;
  const decoded = (text = '') => Buffer.from(text, 'base64url');
  const header = JSON.parse(decoded(encoded).toString());
  if (header.alg !== 'ES256') throw refuse(400, 'badSignatureAlgorithm', String(header.alg));
  return {
    header,
    payload: payload === '' ? null : JSON.parse(decoded(payload).toString()),
    verifiedBy(jwk) {
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      const data = Buffer.from(`${encoded}.${payload}`);
      const isGood = verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, decoded(signature));
      if (!isGood) throw refuse(401, 'unauthorized', 'the signature is wrong');
    },
  };
}

/** RFC 7638 §3, of an elliptic key. */
export function thumbprint({ crv, kty, x, y }: Jwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
