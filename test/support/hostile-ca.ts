import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import type { Issuer } from '#shared/issuers/issuer.ts';
import type { IssuerDeps } from '#shared/issuers/issuer-plugin.ts';
import { createIssuer } from '#shared/issuers/registry.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { type HostileServer, startHostileServer } from './hostile-server.ts';
import { issuerDeps } from './issuer-deps.ts';
import { loadedIssuers } from './loaded-issuers.ts';

export type Said = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless it is a string or bytes. */
  readonly body?: unknown;
};

/** By path; a function is asked with the number of earlier requests to that path. */
export type Script = Readonly<Record<string, Said | ((earlier: number) => Said)>>;

export type HostileCa = {
  readonly issuer: Issuer;
  readonly server: HostileServer;
  readonly clock: VirtualClock;
  /** How often a path was asked. */
  asked(path: string): number;
};

/** A CA that is well-behaved except where `script`, given its origin, says otherwise. */
export async function startHostileCa(
  script: (origin: string) => Script,
  { deps, ...config }: Partial<IssuerConfig & { readonly deps: Partial<IssuerDeps> }> = {},
): Promise<HostileCa> {
  let nonces = 0;
  const server = await startHostileServer(({ url }, response) => {
    const answers: Script = { ...goodAnswers(server.origin), ...script(server.origin) };
    const said = answers[url] ?? { status: 404, body: { detail: `nothing at ${url}` } };
    const {
      status = 200,
      headers,
      body = {},
    } = typeof said === 'function' ? said(asked(url) - 1) : said;
    nonces += 1;
    response.writeHead(status, {
      'content-type': status >= 400 ? 'application/problem+json' : 'application/json',
      // RFC 8555 §6.5 asks for one on answers to POST and newNonce only.
      ...(url === '/directory' ? {} : { 'replay-nonce': `nonce${nonces}` }),
      ...headers,
    });
    response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
  const clock = virtualClock();
  const issuer = createIssuer(
    loadedIssuers,
    {
      type: 'acme',
      directory: `${server.origin}/directory`,
      termsOfServiceAgreed: true,
      contact: [],
      caBundle: server.rootPem,
      ...config,
    },
    issuerDeps({ name: 'hostile', clock, ...deps }),
  );
  return { issuer, server, clock, asked };

  function asked(path: string): number {
    return server.received.filter(({ url }) => url === path).length;
  }
}

function goodAnswers(origin: string): Script {
  return {
    '/directory': {
      body: {
        newNonce: `${origin}/nonce`,
        newAccount: `${origin}/account`,
        newOrder: `${origin}/order`,
      },
    },
    '/nonce': { status: 204, body: '' },
    '/account': { status: 201, headers: { location: `${origin}/account/1` } },
    '/order': { status: 201, headers: { location: `${origin}/order/1` }, body: goodOrder(origin) },
    '/order/1': { body: goodOrder(origin) },
  };
}

export function goodOrder(origin: string) {
  return {
    status: 'pending',
    authorizations: [`${origin}/authz/1`],
    finalize: `${origin}/order/1/finalize`,
  };
}

/** A problem document (RFC 8555 §6.7). */
export function problem(type: string, detail: string, more: object = {}) {
  return { type: `urn:ietf:params:acme:error:${type}`, detail, ...more };
}

/** What an issuer makes of a CA that answers newOrder so. */
export async function refused(status: number, body: unknown, headers = {}): Promise<unknown> {
  const ca = await startHostileCa(() => ({ '/order': { status, headers, body } }));
  try {
    await ca.issuer.newOrder(['example.com']);
  } catch (error) {
    return error;
  } finally {
    await ca.server.close();
  }
  throw new Error('the order was not refused');
}
