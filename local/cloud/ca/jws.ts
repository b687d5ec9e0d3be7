import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, errors, type FlattenedJWSInput, flattenedVerify } from 'jose';
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
  /** The three parts as they came, for the verification. */
  readonly parts: FlattenedJWSInput;
};

export type AccountKey = { readonly key: KeyObject; readonly thumbprint: string };

/** The accepted algorithms with the keys that they are for. */
const keyKinds: Readonly<Record<string, string>> = {
  RS256: 'rsa',
  ES256: 'prime256v1',
  ES384: 'secp384r1',
};
const algorithms = Object.keys(keyKinds);

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
  const parts = {
    protected: base64urlField(outer, 'protected'),
    payload: base64urlField(outer, 'payload'),
    signature: base64urlField(outer, 'signature'),
  };
  const header = parseObject(decode(parts.protected), 'JWS protected header is not a JSON object');
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
      parts.payload === ''
        ? null
        : parseObject(decode(parts.payload), 'Payload did not parse as a JSON object'),
    parts,
  };
}

/** Reads a new account's key, and refuses what Let's Encrypt would refuse. */
export async function accountKey(jwk: JsonWebKey): Promise<AccountKey> {
  const key = publicKey(jwk);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa' && (details?.modulusLength ?? 0) < 2048) {
    refuse('badPublicKey', `key size not supported: ${details?.modulusLength}`);
  }
  if (type === 'ec' && !['prime256v1', 'secp384r1'].includes(details?.namedCurve ?? '')) {
    refuse('badPublicKey', `ECDSA curve ${details?.namedCurve} not allowed`);
  }
  if (type !== 'rsa' && type !== 'ec') refuse('badPublicKey', `unknown key type ${type}`);
  return { key, thumbprint: await calculateJwkThumbprint(key) };
}

export async function verifySignature({ alg, parts }: Jws, key: KeyObject): Promise<void> {
  if (keyKinds[alg] !== (key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType)) {
    refuse('badSignatureAlgorithm', `algorithm "${alg}" does not fit the key`, { algorithms });
  }
  try {
    await flattenedVerify(parts, key, { algorithms });
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    refuse('malformed', 'JWS verification error');
  }
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
