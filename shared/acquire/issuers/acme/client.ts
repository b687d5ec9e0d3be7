import { createHash } from 'node:crypto';
import AcmeApi from 'acme-client/src/api.js';
import HttpClient from 'acme-client/src/http.js';
import * as z from 'zod/mini';
import { type Clock, dayMs } from '#shared/clock.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Secret } from '#shared/secret.ts';
import type { IssuerIdentity } from '../issuer.ts';
import { parse } from './answers.ts';
import { isNonce, noncePool } from './nonces.ts';
import { isBadNonce, readProblem, refusal } from './problem.ts';
import { type HttpAnswer, onHost, type Transport } from './transport.ts';

/** `data` is parsed JSON or text, and hostile until a schema has read it. */
export type AcmeAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
};

/** The signed requests of one account key. Refusals are thrown as CertkeepErrors with their AcmeProblem. */
export type AcmeClient = {
  /** RFC 7638, of the account key. */
  readonly keyThumbprint: string;
  /** Creates the account of the key, or finds it, and signs with it from then on. */
  register(account: { contact: readonly string[] }): Promise<void>;
  identity(): Promise<IssuerIdentity>;
  newOrder(payload: object): Promise<AcmeAnswer>;
  /** A null payload is POST-as-GET (RFC 8555 §6.3). */
  post(url: string, payload: object | null): Promise<AcmeAnswer>;
};

export type AcmeClientOptions = {
  readonly directoryUrl: string;
  readonly accountKey: Secret;
  readonly transport: Transport;
  readonly clock: Clock;
};

export function acmeClient(options: AcmeClientOptions): AcmeClient {
  const { directoryUrl, accountKey, clock } = options;
  const { host } = new URL(directoryUrl);
  const http = new HttpClient(directoryUrl, Buffer.from(accountKey.reveal()));
  overOurTransport(http, options);
  const api = new AcmeApi(http);
  return {
    keyThumbprint: createHash('sha256').update(JSON.stringify(http.getJwk())).digest('base64url'),
    async register({ contact }) {
      const payload = {
        termsOfServiceAgreed: true,
        ...(contact.length > 0 ? { contact: [...contact] } : {}),
      };
      const { headers } = accepted(
        await api.apiResourceRequest('newAccount', payload, [], { includeJwsKid: false }),
        directoryUrl,
        clock,
      );
      api.accountUrl = onHost(headers.location ?? '', host).href;
    },
    async identity() {
      const { meta } = (await http.getDirectory()) as Directory;
      return { caaIdentities: meta?.caaIdentities ?? [], accountUrl: api.accountUrl || null };
    },
    async newOrder(payload) {
      return accepted(await api.apiResourceRequest('newOrder', payload, []), directoryUrl, clock);
    },
    async post(url, payload) {
      return accepted(await api.apiRequest(url, payload, []), url, clock);
    },
  };
}

/**
 * Replaces what acme-client sends with on this one instance. Its own transport has no deadline, sleeps on
 * Retry-After for days, hides problem types and takes a new connection and nonce for every request.
 */
function overOurTransport(http: HttpClient, { directoryUrl, transport, clock }: AcmeClientOptions) {
  const nonces = noncePool(clock);
  const directory = cachedDirectory(directoryUrl, clock, () => exchange(directoryUrl));

  async function exchange(url: string, body?: string): Promise<AcmeAnswer> {
    const answer = readable(await transport.send(url, body), url);
    // The only refusal for acme-client to see: it tries again with the nonce that came with it.
    return isBadNonce(answer.status, answer.data) ? answer : accepted(answer, url, clock);
  }

  http.getDirectory = directory;
  http.request = async (url, _method, options) => {
    const answer = await exchange(url, JSON.stringify(options?.data));
    const nonce = answer.headers['replay-nonce'];
    // After badNonce the kept ones, from the same time or before, are no better.
    if (answer.status >= 400) nonces.clear();
    else if (isNonce(nonce)) nonces.add(nonce);
    return answer;
  };
  http.getNonce = async () => {
    const kept = nonces.take();
    if (kept) return kept;
    // RFC 8555 §7.2. GET, since a HEAD answer without a length makes Node close the connection.
    const { headers } = await exchange((await directory()).newNonce);
    const fresh = headers['replay-nonce'];
    if (isNonce(fresh)) return fresh;
    throw new CertkeepError('IssuerAnswerInvalid', 'newNonce brought no nonce');
  };
}

const directorySchema = z.looseObject({
  newNonce: z.string(),
  newAccount: z.string(),
  newOrder: z.string(),
  // What is wrong with it is no reason not to use the CA.
  meta: z.catch(
    z.optional(z.looseObject({ caaIdentities: z.optional(z.array(z.string())) })),
    undefined,
  ),
});
type Directory = z.infer<typeof directorySchema>;

const directoryLifeMs = dayMs;

/** RFC 8555 §7.1.1. */
function cachedDirectory(url: string, clock: Clock, fetch: () => Promise<AcmeAnswer>) {
  const { host } = new URL(url);
  let cached: { readonly directory: Directory; readonly until: number } | undefined;
  return async (): Promise<Directory> => {
    const now = clock.now().getTime();
    if (cached && now < cached.until) return cached.directory;
    const directory = parse(directorySchema, (await fetch()).data, `directory at ${url}`);
    for (const name of ['newNonce', 'newAccount', 'newOrder'] as const) {
      onHost(directory[name], host);
    }
    cached = { directory, until: now + directoryLifeMs };
    return directory;
  };
}

function readable({ status, headers, body }: HttpAnswer, url: string): AcmeAnswer {
  if (status >= 300 && status < 400) {
    throw new CertkeepError('IssuerAnswerInvalid', `${url} redirects, which is not followed`);
  }
  const isJson = /^application\/([a-z]+\+)?json\b/.test(headers['content-type'] ?? '');
  // newNonce, and some CAs elsewhere, name a type without sending anything.
  if (!isJson || body === '') {
    return { status, headers, data: body };
  }
  try {
    return { status, headers, data: JSON.parse(body) };
  } catch (error) {
    if (status >= 400) return { status, headers, data: body };
    throw new CertkeepError('IssuerAnswerInvalid', `${url} sent malformed JSON`, { cause: error });
  }
}

/** Asked again of what acme-client returns: after a few tries it gives up on badNonce. */
function accepted(answer: AcmeAnswer, url: string, clock: Clock): AcmeAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const now = clock.now();
  throw refusal(readProblem(answer, url, now), now);
}
