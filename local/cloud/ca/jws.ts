import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { refuse } from './problem.ts';

/** The body of a request, parsed but not yet verified. */
export type Jws = {
  readonly alg: string;
  readonly nonce: unknown;
  readonly url: unknown;
  readonly kid: string | null;
  readonly jwk: JsonWebKey | null;
  /** Null for POST-as-GET (RFC 8555 §6.3). */
  readonly payload: Readonly<Record<string, unknown>> | null;
  readonly signed: Buffer;
  readonly signature: Buffer;
};

export type AccountKey = { readonly key: KeyObject; readonly thumbprint: string };

const algorithms = ['RS256', 'ES256', 'ES384'];

/** RFC 8555 §6.2: flattened JSON, everything in the protected header, either `jwk` or `kid`. */
export function parseJws(body: string): Jws {
  const outer = parseObject(body, 'Request body is not a JSON object');
  if (outer.header !== undefined)
    refuse('malformed', 'JWS "header" field not allowed. All headers must be in "protected" field');
  if (outer.signatures !== undefined)
    refuse(
      'malformed',
      'JWS "signatures" field not allowed. Only the "signature" field should contain a signature',
    );
  const protectedPart = base64urlField(outer, 'protected');
  const payloadPart = base64urlField(outer, 'payload');
  const signaturePart = base64urlField(outer, 'signature');
  const header = parseObject(decode(protectedPart), 'JWS protected header is not a JSON object');
  const { alg, nonce, url, kid, jwk } = header;
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    refuse(
      'badSignatureAlgorithm',
      `JWS signature header contains unsupported algorithm "${alg}"`,
      {
        algorithms,
      },
    );
  }
  if ((kid === undefined) === (jwk === undefined)) {
    refuse('malformed', 'JWS must have either a "jwk" or a "kid", and not both');
  }
  if (kid !== undefined && typeof kid !== 'string')
    refuse('malformed', 'JWS "kid" is not a string');
  return {
    alg,
    nonce,
    url,
    kid: kid ?? null,
    jwk: (jwk as JsonWebKey | undefined) ?? null,
    payload:
      payloadPart === ''
        ? null
        : parseObject(decode(payloadPart), 'Payload did not parse as a JSON object'),
    signed: Buffer.from(`${protectedPart}.${payloadPart}`),
    signature: Buffer.from(signaturePart, 'base64url'),
  };
}

/** Reads a new account's key, and refuses what Let's Encrypt would refuse. */
export function accountKey(jwk: JsonWebKey): AccountKey {
  const key = publicKey(jwk);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa' && (details?.modulusLength ?? 0) < 2048) {
    refuse('badPublicKey', `key size not supported: ${details?.modulusLength}`);
  }
  if (type === 'ec' && !['prime256v1', 'secp384r1'].includes(details?.namedCurve ?? '')) {
    refuse('badPublicKey', `ECDSA curve ${details?.namedCurve} not allowed`);
  }
  if (type !== 'rsa' && type !== 'ec') refuse('badPublicKey', `unknown key type ${type}`);
  return { key, thumbprint: thumbprint(key) };
}

export function verifySignature(jws: Jws, key: KeyObject): void {
  const matches =
    jws.alg === 'RS256'
      ? key.asymmetricKeyType === 'rsa'
      : key.asymmetricKeyDetails?.namedCurve === curveOf(jws.alg);
  if (!matches)
    refuse('badSignatureAlgorithm', `algorithm "${jws.alg}" does not fit the key`, { algorithms });
  const hash = jws.alg === 'ES384' ? 'sha384' : 'sha256';
  if (!verify(hash, jws.signed, { key, dsaEncoding: 'ieee-p1363' }, jws.signature)) {
    refuse('malformed', 'JWS verification error');
  }
}

function curveOf(alg: string): string {
  return alg === 'ES256' ? 'prime256v1' : 'secp384r1';
}

function publicKey(jwk: JsonWebKey): KeyObject {
  if (typeof jwk !== 'object' || jwk === null || 'd' in jwk) {
    refuse('malformed', 'JWS "jwk" is not a public key');
  }
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch (error) {
    return refuse('malformed', `JWS "jwk" does not parse: ${(error as Error).message}`);
  }
}

/** RFC 7638: the hash of the required members in alphabetical order. */
function thumbprint(key: KeyObject): string {
  const { kty, crv, x, y, e, n } = key.export({ format: 'jwk' });
  const members = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

function base64urlField(object: Readonly<Record<string, unknown>>, name: string): string {
  const value = object[name];
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]*$/.test(value)) {
    return refuse('malformed', `JWS "${name}" is not base64url without padding`);
  }
  return value;
}

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString();
}

function parseObject(text: string, complaint: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse('malformed', complaint);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return refuse('malformed', complaint);
  }
  return parsed as Record<string, unknown>;
}
