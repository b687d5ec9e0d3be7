import { createHash, type KeyObject, sign } from 'node:crypto';
import AcmeApi from 'acme-client/src/api.js';
import HttpClient from 'acme-client/src/http.js';
import { CertkeepError } from '#shared/errors.ts';
import type { Secret } from '#shared/secret.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import type { Clock } from '#shared/time/clock.ts';
import { privateKeyOf } from '#shared/x509/readable.ts';
import type { AcmeAnswer } from './answers.ts';
import type { ExternalAccount } from './external-account.ts';
import {
  isBadNonce,
  isMissing,
  isRefusal,
  isRefusedAs,
  problemOf,
  readProblem,
  refusal,
} from './problem.ts';
import { cachedDirectory, type Directory } from './wire/directory.ts';
import { isNonce, noncePool } from './wire/nonces.ts';
import { pinned } from './wire/pinned-url.ts';
import type { HttpAnswer, Transport } from './wire/transport.ts';

/** The signed requests of one account key. Refusals are thrown as CertkeepErrors with their AcmeProblem. */
export type AcmeClient = {
  /** RFC 7638: the thumbprint of the account key. */
  readonly keyThumbprint: string;
  /** The account's URL, once it is registered. */
  accountUrl(): string;
  /** Finds the account of the key and signs with it from then on; null where the CA names none. */
  findAccount(): Promise<AccountAnswer | null>;
  /**
   * Says whether the CA has an account of this key that is not ended. A refusal that says something else than that it has none
   * is thrown: nobody knows then.
   */
  hasAccount(): Promise<boolean>;
  /** Creates the account of the key, or finds it, and signs with it from then on. */
  register(account: {
    readonly contact: readonly string[];
    readonly external: ExternalAccount | null;
  }): Promise<AccountAnswer>;
  /** RFC 8555 §7.3.2. */
  updateContact(contact: readonly string[]): Promise<AccountAnswer>;
  /** RFC 8555 §7.3.5: from then on the CA takes no signature of this client. */
  changeKey(keyChangeUrl: string, next: Secret): Promise<void>;
  /** RFC 8555 §7.3.6. */
  deactivate(): Promise<void>;
  newOrder(payload: object): Promise<AcmeAnswer>;
  /** A null payload is POST-as-GET (RFC 8555 §6.3). */
  post(url: string, payload: object | null): Promise<AcmeAnswer>;
};

/** The CA's view of an account (RFC 8555 §7.1.2). */
export type AccountAnswer = {
  /** Null where the CA shows none: some keep no contact. */
  readonly contact: readonly string[] | null;
  /** RFC 8555 §7.1.6: deactivated by us, or revoked by the CA. */
  readonly isEnded: boolean;
};

/** Requests without an account: the directory, and RFC 9773's public answers. */
export type Reader = {
  directory(): Promise<Directory>;
  /** Says whether the CA now names other URLs than the kept ones, which are then forgotten. */
  hasMoved(): Promise<boolean>;
  get(url: string): Promise<AcmeAnswer>;
};

export type AcmeClientOptions = {
  readonly directoryUrl: string;
  readonly accountKey: Secret;
  readonly reader: Reader;
  readonly transport: Transport;
  readonly clock: Clock;
};

export function acmeReader(directoryUrl: string, transport: Transport, clock: Clock): Reader {
  const get = async (url: string) => accepted(readable(await transport.send(url), url), url, clock);
  return { get, ...cachedDirectory(directoryUrl, clock, () => get(directoryUrl)) };
}

/** If a CA refuses every second nonce, this many tries fail one request in two thousand; five would fail one in sixty. */
const mostNonces = 10;

export function acmeClient(options: AcmeClientOptions): AcmeClient {
  const { directoryUrl, accountKey, clock, reader } = options;
  const key = privateKeyOf(accountKey);
  const http = new HttpClient(directoryUrl, Buffer.from(accountKey.reveal()));
  http.maxBadNonceRetries = mostNonces;
  overOurTransport(http, options);
  http.createSignedBody = signedBy(key, http);
  const api = new AcmeApi(http);

  async function newAccount(payload: object, withBinding: boolean): Promise<AccountAnswer> {
    const answer = await atDirectory(reader, async () =>
      accepted(
        await api.apiResourceRequest('newAccount', payload, [], {
          includeJwsKid: false,
          includeExternalAccountBinding: withBinding,
        }),
        directoryUrl,
        clock,
      ),
    );
    const { newAccount: asked } = await reader.directory();
    api.accountUrl = pinned(answer.headers.location ?? '', asked);
    return readAccount(answer);
  }

  async function post(url: string, payload: object | null): Promise<AcmeAnswer> {
    return accepted(await api.apiRequest(url, payload, []), url, clock);
  }

  return {
    keyThumbprint: createHash('sha256').update(JSON.stringify(http.getJwk())).digest('base64url'),
    accountUrl: () => api.accountUrl ?? '',
    // RFC 8555 §7.3.1. Without a binding, some CAs refuse to answer, each with another error
    // (https://github.com/ansible-collections/community.crypto/issues/918).
    findAccount: () =>
      newAccount({ onlyReturnExisting: true }, false).catch((error) => {
        if (isRefusal(error)) return null;
        throw error;
      }),
    hasAccount: () =>
      newAccount({ onlyReturnExisting: true }, false).then(
        ({ isEnded }) => !isEnded,
        (error) => {
          if (saysThereIsNone(error)) return false;
          throw error;
        },
      ),
    register({ contact, external }) {
      if (external) {
        http.externalAccountBinding = { kid: external.kid, hmacKey: external.hmacKey.reveal() };
      }
      const payload = {
        termsOfServiceAgreed: true,
        ...(contact.length > 0 ? { contact: [...contact] } : {}),
      };
      return newAccount(payload, external !== null);
    },
    updateContact: async (contact) =>
      readAccount(await post(api.accountUrl ?? '', { contact: [...contact] })),
    async changeKey(url, next) {
      const ofNext = new HttpClient(directoryUrl, Buffer.from(next.reveal()));
      const payload = { account: api.accountUrl, oldKey: http.getJwk() };
      await post(url, signedBy(privateKeyOf(next), ofNext)(url, payload));
    },
    async deactivate() {
      await post(api.accountUrl ?? '', { status: 'deactivated' });
    },
    newOrder: (payload) =>
      atDirectory(reader, async () =>
        accepted(await api.apiResourceRequest('newOrder', payload, []), directoryUrl, clock),
      ),
    post,
  };
}

/** The directory is kept for a day. Where one of its URLs is gone, the CA may already name another. */
async function atDirectory<T>(reader: Reader, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isMissing(error) || !(await reader.hasMoved())) throw error;
    return ask();
  }
}

/**
 * RFC 8555 §7.3.1, and §7.3.6 for an account that was ended, where a CA answers with a type of its choice (Boulder: `An account
 * with the provided public key exists but is deactivated`). CAs with bindings may ask for one instead.
 */
function saysThereIsNone(error: unknown): boolean {
  if (isRefusedAs(error, 'accountDoesNotExist', 'externalAccountRequired')) return true;
  return (
    isRefusedAs(error, 'unauthorized') && /deactivated|revoked/i.test(`${problemOf(error)?.detail}`)
  );
}

function readAccount({ data }: AcmeAnswer): AccountAnswer {
  const { contact, status } = (data ?? {}) as {
    readonly contact?: unknown;
    readonly status?: unknown;
  };
  return {
    isEnded: status === 'deactivated' || status === 'revoked',
    contact: Array.isArray(contact) ? contact.filter((each) => typeof each === 'string') : null,
  };
}

/** RFC 7518 §3.1: the algorithm for the curve of the account's key. */
const curves: Readonly<Record<string, { readonly alg: string; readonly hash: string }>> = {
  'P-256': { alg: 'ES256', hash: 'sha256' },
  'P-384': { alg: 'ES384', hash: 'sha384' },
};

/** acme-client reads the key from its PEM for every signature, which takes longer than signing. */
function signedBy(key: KeyObject, http: HttpClient): HttpClient['createSignedBody'] {
  const { alg, hash } = curves[http.getJwk().crv ?? ''] ?? { alg: 'RS256', hash: 'sha256' };
  return (url, payload = null, options = {}) => {
    const body = http.prepareSignedBody(alg, url, payload, options);
    const signed = Buffer.from(`${body.protected}.${body.payload}`);
    const signature = sign(hash, signed, { key, dsaEncoding: 'ieee-p1363' });
    return { ...body, signature: signature.toString('base64url') };
  };
}

/**
 * Replaces the transport of this acme-client instance. The original has no deadline, sleeps on Retry-After for days, hides
 * problem types, and uses a new connection and nonce for every request.
 */
function overOurTransport(http: HttpClient, { reader, transport, clock }: AcmeClientOptions) {
  const nonces = noncePool(clock);
  http.getDirectory = reader.directory;
  http.request = async (url, _method, options) => {
    const sent = await transport.send(url, JSON.stringify(options?.data));
    const answer = readable(sent, url);
    if (isBadNonce(answer.status, answer.data)) {
      const { newOrder } = await reader.directory();
      if (sent.isToRepetition && url === newOrder) throw unheard(url);
      // The kept nonces are as old or older, and no better.
      nonces.clear();
      // acme-client must see only this refusal: it retries with the nonce that came with it.
      return answer;
    }
    const nonce = answer.headers['replay-nonce'];
    if (isNonce(nonce)) nonces.add(nonce);
    return accepted(answer, url, clock);
  };
  http.getNonce = async () => {
    const kept = nonces.take();
    if (kept) return kept;
    const fresh = (await askNonce({ reader, transport, clock })).headers['replay-nonce'];
    if (isNonce(fresh)) return fresh;
    throw new CertkeepError('IssuerAnswerInvalid', 'newNonce brought no nonce');
  };
}

type NonceSource = Pick<AcmeClientOptions, 'reader' | 'transport' | 'clock'>;

/**
 * RFC 8555 §7.2. It sends GET, since a HEAD answer without a length makes Node close the connection, and HEAD where a CA
 * supports nothing else (https://github.com/grindsa/acme2certifier/issues/71).
 */
async function askNonce({ reader, transport, clock }: NonceSource): Promise<AcmeAnswer> {
  const ask = async () => {
    const { newNonce: url } = await reader.directory();
    const got = await transport.send(url);
    return hasNothing(got) ? transport.send(url, undefined, 'HEAD') : got;
  };
  const first = await ask();
  const answer = hasNothing(first) && (await reader.hasMoved()) ? await ask() : first;
  const { newNonce } = await reader.directory();
  // acme-client must not take this for the answer to the request that needs the nonce.
  if (hasNothing(answer)) {
    throw new CertkeepError('IssuerAnswerInvalid', `newNonce is answered with ${answer.status}`);
  }
  return accepted(readable(answer, newNonce), newNonce, clock);
}

function hasNothing({ status }: HttpAnswer): boolean {
  return status === 404 || status === 405;
}

/** The CA has used the nonce of newOrder, so the order exists, or nearly; every other request may be repeated. */
function unheard(url: string): CertkeepError {
  const message = `${cleanText(url, 300)}: the connection broke before the answer`;
  return new CertkeepError('IssuerUnreachable', message);
}

function readable({ status, headers, body }: HttpAnswer, url: string): AcmeAnswer {
  if (status >= 300 && status < 400) {
    const message = `${cleanText(url, 300)} redirects, which is not followed`;
    throw new CertkeepError('IssuerAnswerInvalid', message);
  }
  // newNonce, and some CAs elsewhere, name a type but send no body.
  if (body === '' || !isJson({ status, headers, body })) return { status, headers, data: body };
  try {
    return { status, headers, data: JSON.parse(body, withoutNulls) };
  } catch (error) {
    if (status >= 400) return { status, headers, data: body };
    const message = `${cleanText(url, 300)} sent malformed JSON`;
    throw new CertkeepError('IssuerAnswerInvalid', message, { cause: error });
  }
}

/** Media types are case-insensitive (RFC 9110 §8.3.1) and may be missing; problems have other types too. */
function isJson({ status, headers, body }: HttpAnswer): boolean {
  const type = headers['content-type'];
  if (/^application\/([\w.-]+\+)?json\b/i.test(type ?? '')) return true;
  return (type === undefined || status >= 400) && /^\s*\{/.test(body);
}

/** Some CAs write null for missing values: Telia, and every server that serializes all fields. */
function withoutNulls(_key: string, value: unknown): unknown {
  return value ?? undefined;
}

/** Checks acme-client's result again: after a few tries it gives up on badNonce and returns it. */
function accepted(answer: AcmeAnswer, url: string, clock: Clock): AcmeAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const now = clock.now();
  throw refusal(readProblem(answer, url, now), now);
}
