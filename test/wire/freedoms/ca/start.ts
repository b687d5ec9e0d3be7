import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Authority, type AuthorityOptions, authority } from './authority.ts';
import type { FreedomName } from './catalogue.ts';
import { readJws } from './jws.ts';
import { serverIdentity } from './pki.ts';
import { Refusal, refuse } from './problem.ts';
import { type Urls, urlsAt } from './urls.ts';
import { type Reply, send } from './wire.ts';

export type FreeCa = {
  readonly directoryUrl: string;
  readonly rootPem: string;
  readonly orders: Authority['orders'];
  /** `POST /new-order`, as they came. */
  readonly requests: readonly string[];
  close(): Promise<void>;
};

export type FreeCaOptions = Pick<AuthorityOptions, 'now' | 'lookup'> & {
  readonly freedoms: readonly FreedomName[];
};

let identity: ReturnType<typeof serverIdentity> | undefined;

/**
 * A certificate authority for tests, written from RFC 8555 and those beside it alone: what they leave open, it takes as
 * the freedoms say. It holds clients to what they MUST do.
 */
export async function startFreeCa({ freedoms, lookup, now }: FreeCaOptions): Promise<FreeCa> {
  identity ??= serverIdentity();
  const { cert, key, rootPem } = await identity;
  const taken = new Set<string>(freedoms);
  const is = (name: FreedomName) => taken.has(name);
  const nonces = new Set<string>();
  const requests: string[] = [];
  let posts = 0;
  const server = createServer({ cert, key }, (incoming, response) => {
    void answer(incoming)
      .catch((error) => {
        if (error instanceof Refusal) return error;
        return refuse(500, 'serverInternal', `the CA of the test: ${String(error?.stack)}`);
      })
      .then((reply) => send(response, withFields(reply, incoming), is));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urls: Urls = urlsAt(origin, is);
  const ca = authority({ is, urls, now, lookup });

  function newNonce(): string {
    const nonce = randomBytes(is('longNonces') ? 4_000 : 16).toString('base64url');
    nonces.add(nonce);
    return nonce;
  }

  /** RFC 8555 §6.5: a nonce with everything that is no directory. */
  function withFields(reply: Reply, { url = '' }: IncomingMessage): Reply {
    if (url.startsWith('/directory')) return reply;
    const { link = [] } = reply.headers ?? {};
    const links = [
      ...(is('indexLinks') ? [`<${origin}/directory>;rel="index"`] : []),
      ...[link].flat(),
    ];
    const headers = { ...reply.headers, 'replay-nonce': newNonce(), 'cache-control': 'no-store' };
    return { ...reply, headers: links.length > 0 ? { ...headers, link: links } : headers };
  }

  async function answer(incoming: IncomingMessage): Promise<Reply> {
    const { headers, method = '', url = '' } = incoming;
    const body = await textOf(incoming);
    const path = urls.pathOf(url);
    requests.push(`${method} ${path}`);
    if (!headers['user-agent']) throw refuse(400, 'malformed', 'no User-Agent (RFC 8555 §6.1)');
    if (path === '/directory' && method === 'GET') {
      if (is('redirects')) return { status: 301, headers: { location: `${origin}/elsewhere` } };
      return ca.directory();
    }
    if (path === '/nonce' && method !== 'POST') {
      if (is('nonceByHeadOnly') && method === 'GET') return { status: 405, body: '' };
      return { status: method === 'HEAD' || is('nonceWith200') ? 200 : 204, body: '' };
    }
    if (path.startsWith('/renewal/') && method === 'GET') return ca.renewalInfo();
    if (method !== 'POST') throw refuse(405, 'malformed', 'only POST-as-GET (RFC 8555 §6.3)');
    return post(path, body, headers['content-type']);
  }

  async function post(path: string, body: string, type: string | undefined): Promise<Reply> {
    if (type !== 'application/jose+json') throw refuse(415, 'malformed', `type ${type}`);
    const request = readJws(body);
    const { jwk, kid, nonce, url } = request.header;
    posts += 1;
    const isRefused = is('refusesNonces') && posts % 3 === 0;
    if (!nonces.delete(nonce) || isRefused) throw refuse(400, 'badNonce', 'use another one');
    if (url !== urls.signed(path)) throw refuse(401, 'unauthorized', `signed for ${url}`);
    if (path === '/new-account') {
      if (!jwk || kid !== undefined) throw refuse(400, 'malformed', 'jwk, and no kid');
      request.verifiedBy(jwk);
      return ca.newAccount(request);
    }
    if (jwk) throw refuse(400, 'malformed', 'kid, and no jwk (RFC 8555 §6.2)');
    request.verifiedBy(ca.keyOf(kid));
    return ca.signed(path, request);
  }

  return {
    directoryUrl: `${origin}/directory`,
    rootPem,
    orders: ca.orders,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
