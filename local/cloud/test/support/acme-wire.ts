import { type KeyObject, sign } from 'node:crypto';
import https from 'node:https';
import { makeKey } from '#cloud/ca/x509.ts';
import { acmeWorld } from '#cloud/kit/acme-world.ts';

export type WireAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read many kinds of ACME objects
  readonly body: any;
};

export type Header = Readonly<Record<string, unknown>>;

/** Requests byte by byte, for what a well-behaved client never sends. */
export function acmeWire(base: string, ca: string) {
  const keys = makeKey('ecdsa-p256');
  const jwk = keys.publicKey.export({ format: 'jwk' });
  let kid: string | null = null;

  async function nonce(): Promise<string> {
    return String((await request(`${base}/acme/new-nonce`, 'HEAD')).headers['replay-nonce']);
  }

  /** A signed POST; `changed` overrides parts of the protected header. */
  async function post(path: string, payload: unknown, changed: Header = {}): Promise<WireAnswer> {
    const url = `${base}${path}`;
    const header = {
      alg: 'ES256',
      nonce: await nonce(),
      url,
      ...(kid ? { kid } : { jwk }),
      ...changed,
    };
    return await request(url, 'POST', JSON.stringify(jws(header, payload, keys.privateKey)));
  }

  function request(
    url: string,
    method: string,
    body?: string,
    headers: Readonly<Record<string, string>> = { 'user-agent': 'test' },
  ): Promise<WireAnswer> {
    const type = body === undefined ? {} : { 'content-type': 'application/jose+json' };
    return new Promise((resolve, reject) => {
      const options = { method, ca, headers: { ...type, ...headers } };
      const sent = https.request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = String(response.headers['content-type']).includes('json') && text !== '';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: isJson ? JSON.parse(text) : text,
          });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async function register(): Promise<string> {
    const answer = await post('/acme/new-acct', { termsOfServiceAgreed: true });
    kid = String(answer.headers.location);
    return kid;
  }

  return { post, request, register, jwk, keys, nonce, jws };
}

/** Flattened JWS; a payload of null is POST-as-GET. */
export function jws(header: Header, payload: unknown, key: KeyObject) {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const protectedPart = encode(header);
  const payloadPart = payload === null ? '' : encode(payload);
  const signed = Buffer.from(`${protectedPart}.${payloadPart}`);
  const hash = header.alg === 'ES384' ? 'sha384' : 'sha256';
  const signature = sign(hash, signed, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { protected: protectedPart, payload: payloadPart, signature };
}

/** The type of a problem document. */
export const error = (name: string) => `urn:ietf:params:acme:error:${name}`;

export const orderFor = (...names: string[]) => ({
  identifiers: names.map((value) => ({ type: 'dns', value })),
});

/** A CA with its DNS, and an account that sends requests byte by byte. */
export async function registeredWire() {
  const world = await acmeWorld();
  const base = world.ca.directoryUrl.replace('/directory', '');
  const wire = acmeWire(base, world.ca.rootPem);
  return { world, base, wire, account: await wire.register() };
}
