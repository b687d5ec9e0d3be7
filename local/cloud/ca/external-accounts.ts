import { decodeProtectedHeader, errors, type FlattenedJWSInput, flattenedVerify } from 'jose';
import type { AccountKey } from './jws.ts';
import { refuse } from './problem.ts';

export type ExternalAccounts = {
  /** Maps kid to the base64url key. */
  readonly keys: Readonly<Record<string, string>>;
  /** A binding creates only one account, as Google's do. */
  readonly once?: boolean;
};

export type Bindings = {
  /** RFC 8555 §7.3.4: returns the customer of the new account; refuses a missing or wrong binding. */
  check(binding: unknown, at: { readonly url: string; readonly key: AccountKey }): Promise<string>;
};

export function bindings({ keys, once = false }: ExternalAccounts): Bindings {
  const used = new Set<string>();
  return {
    async check(binding, at) {
      if (binding === undefined) {
        return refuse('externalAccountRequired', 'No externalAccountBinding', { status: 403 });
      }
      const jws = binding as FlattenedJWSInput;
      const { alg, kid, url } = decodeProtectedHeader(jws);
      const hmacKey = typeof kid === 'string' && Object.hasOwn(keys, kid) ? keys[kid] : undefined;
      if (alg !== 'HS256') refuse('malformed', `unsupported MAC algorithm "${alg}"`);
      if (url !== at.url) refuse('malformed', 'the "url" of the binding is not the request\'s');
      if (typeof kid !== 'string' || hmacKey === undefined) {
        return refuse('unauthorized', `unknown external account "${kid}"`);
      }
      const payload = await verified(jws, Buffer.from(hmacKey, 'base64url'));
      if (JSON.parse(payload).x !== at.key.key.export({ format: 'jwk' }).x) {
        refuse('malformed', 'the binding is for another account key');
      }
      if (once && used.has(kid))
        refuse('unauthorized', `external account "${kid}" was used before`);
      used.add(kid);
      return kid;
    },
  };
}

async function verified(jws: FlattenedJWSInput, hmacKey: Uint8Array): Promise<string> {
  try {
    const { payload } = await flattenedVerify(jws, hmacKey, { algorithms: ['HS256'] });
    return Buffer.from(payload).toString();
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    return refuse('unauthorized', 'the MAC of the binding does not verify');
  }
}
