import type { IncomingMessage } from 'node:http';
import { newAccount, refuseDeactivated } from './accounts.ts';
import { type Account, newId } from './book.ts';
import { accountKey, type Jws, parseJws, verifySignature } from './jws.ts';
import type { Payload, Reply } from './messages.ts';
import type { Nonces } from './nonces.ts';
import { AcmeRefusal, refuse } from './problem.ts';
import { renewalInfo } from './renewal-info.ts';
import { resources, type World } from './resources.ts';

/** A valid request, which the caller may carry out. */
export type Understood = {
  readonly operation: string;
  readonly payload: Payload | null;
  readonly carryOut: () => Reply | Promise<Reply>;
};

const longestBody = 1_000_000;

/** Checks everything that RFC 8555 §6 requires of a request, in the order that helps clients most. */
export async function understand(
  request: IncomingMessage,
  world: World,
  nonces: Nonces,
): Promise<Understood> {
  if (!request.headers['user-agent']) {
    refuse('malformed', 'Every request must carry a User-Agent header (RFC 8555 §6.1)');
  }
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (path === '/directory') return plain(request, 'directory', ['GET'], () => directory(world));
  if (path === '/acme/new-nonce') {
    // RFC 8555 §7.2: 200 to HEAD, 204 to GET.
    const status = request.method === 'HEAD' ? 200 : 204;
    return plain(request, 'newNonce', ['HEAD', 'GET'], () => ({
      status,
      headers: { 'cache-control': 'no-store' },
    }));
  }
  const info = /^\/acme\/renewal-info\/([\w-]+\.[\w-]+)$/.exec(path);
  if (world.renewalInfo && info) {
    const reply = () => renewalInfo(world.book, info[1] ?? '');
    return plain(request, 'renewalInfo', ['GET'], reply);
  }
  return await signed(request, path, world, nonces);
}

async function signed(
  request: IncomingMessage,
  path: string,
  world: World,
  nonces: Nonces,
): Promise<Understood> {
  const resource = resources.find((each) => each.path.test(path));
  const isNewAccount = path === '/acme/new-acct';
  if (!resource && !isNewAccount) refuse('malformed', 'Page not found', { status: 404 });
  allow(request, ['POST']);
  if (request.headers['content-type'] !== 'application/jose+json') {
    refuse('malformed', 'Content-Type must be application/jose+json', { status: 415 });
  }
  const jws = parseJws(await readBody(request));
  const url = `${world.base}${path}`;
  const signer = isNewAccount ? null : knownAccount(jws, world);
  await verifySignature(jws, signer?.key ?? (await newKey(jws)));
  if (jws.url !== url) {
    refuse(
      'unauthorized',
      `JWS header parameter 'url' incorrect. Expected "${url}" got "${jws.url}"`,
    );
  }
  nonces.spend(jws.nonce);
  const { payload } = jws;
  if (!resource || !signer) {
    const at = {
      now: world.clock.now(),
      url: `${world.base}/acme/acct/${newId()}`,
      requestUrl: url,
      bindings: world.bindings,
    };
    const carryOut = () => newAccount(world.book, jws.jwk ?? {}, payload ?? {}, at);
    return { operation: 'newAccount', payload, carryOut };
  }
  refuseDeactivated(signer);
  const carryOut = () => resource.respond({ url, account: signer, payload }, world);
  return { operation: resource.operation, payload, carryOut };
}

function knownAccount(jws: Jws, world: World): Account {
  if (jws.kid === null) refuse('malformed', 'No Key ID in JWS header');
  const account = world.book.accounts.get(jws.kid ?? '');
  return account ?? refuse('accountDoesNotExist', `Account "${jws.kid}" not found`);
}

async function newKey(jws: Jws) {
  if (!jws.jwk) return refuse('malformed', 'newAccount requests must carry the key in "jwk"');
  return (await accountKey(jws.jwk)).key;
}

function plain(
  request: IncomingMessage,
  operation: string,
  methods: readonly string[],
  carryOut: () => Reply,
): Understood {
  allow(request, methods);
  return { operation, payload: null, carryOut };
}

function directory(world: World): Reply {
  const { base, bindings, profiles } = world;
  const names = Object.keys(profiles);
  return {
    status: 200,
    body: {
      newNonce: `${base}/acme/new-nonce`,
      newAccount: `${base}/acme/new-acct`,
      newOrder: `${base}/acme/new-order`,
      revokeCert: `${base}/acme/revoke-cert`,
      keyChange: `${base}/acme/key-change`,
      ...(world.renewalInfo && { renewalInfo: `${base}/acme/renewal-info` }),
      meta: {
        termsOfService: `${base}/terms`,
        caaIdentities: ['ca.test'],
        ...(bindings && { externalAccountRequired: true }),
        ...(names.length > 0 && {
          profiles: Object.fromEntries(names.map((name) => [name, `${base}/docs/${name}`])),
        }),
      },
    },
  };
}

function allow(request: IncomingMessage, methods: readonly string[]): void {
  if (methods.includes(request.method ?? '')) return;
  const problem = {
    type: 'urn:ietf:params:acme:error:malformed',
    detail: 'Method not allowed',
    status: 405,
  };
  throw new AcmeRefusal(problem, { allow: methods.join(', ') });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) refuse('malformed', 'Request body is too large', { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
