import { Resolver } from 'node:dns/promises';
import { type IncomingMessage, request } from 'node:http';
import type { Authorization, Challenge } from './book.ts';
import { type Problem, problem } from './problem.ts';

export type HttpWorld = {
  /** `127.0.0.1:PORT` */
  readonly resolver: string;
  /** The port that replaces port 80 at a name. */
  readonly httpPort: (name: string) => number;
  readonly signal: AbortSignal;
};

const answerTimeoutMs = 2_000;
/** https://letsencrypt.org/docs/challenge-types/ */
const mostRedirects = 10;
const longestBody = 4_096;

/** RFC 8555 §8.3: asks every address of the name, as a public CA asks from many places. */
export async function httpFailure(
  { name, account }: Authorization,
  { token }: Challenge,
  world: HttpWorld,
): Promise<Problem | null> {
  const addresses = await addressesOf(name, world.resolver);
  if (addresses.length === 0) {
    return problem('dns', `DNS problem: no A record found for ${name}`);
  }
  const url = `http://${name}/.well-known/acme-challenge/${token}`;
  for (const address of addresses) {
    const failure = await failureAt(address, url, `${token}.${account.thumbprint}`, world);
    if (failure) return failure;
  }
  return null;
}

async function addressesOf(name: string, server: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: answerTimeoutMs, tries: 2 });
  resolver.setServers([server]);
  return resolver.resolve4(name).catch(() => []);
}

async function failureAt(
  address: string,
  first: string,
  expected: string,
  world: HttpWorld,
): Promise<Problem | null> {
  let url = first;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await get(address, url, world).catch((error: Error) => error);
    if (answer instanceof Error) {
      return problem('connection', `${address}: Fetching ${url}: ${answer.message}`);
    }
    const { status, location, body } = answer;
    if (status === 200 && body.trimEnd() === expected) return null;
    const isRedirect = status >= 300 && status < 400 && location !== null;
    if (!isRedirect) {
      const seen = status === 200 ? `"${body.slice(0, 100)}"` : String(status);
      return problem('unauthorized', `${address}: Invalid response from ${url}: ${seen}`);
    }
    // The endpoint has no certificate yet, so a redirect to HTTPS ends here.
    if (!location.startsWith('http:')) {
      return problem('connection', `${address}: Fetching ${location}: Connection refused`);
    }
    url = location;
  }
  return problem('connection', `${address}: Fetching ${first}: Too many redirects`);
}

type Answer = { readonly status: number; readonly location: string | null; readonly body: string };

async function get(address: string, text: string, world: HttpWorld): Promise<Answer> {
  const url = new URL(text);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = request({
      host: address,
      port: url.port === '' ? world.httpPort(url.hostname) : url.port,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host },
      agent: false,
      signal: AbortSignal.any([world.signal, AbortSignal.timeout(answerTimeoutMs)]),
    });
    asking.once('response', resolve).once('error', reject).end();
  });
  let body = '';
  for await (const part of response) {
    body += part;
    if (body.length > longestBody) throw new Error('the answer is too long');
  }
  const { statusCode = 0, headers } = response;
  return { status: statusCode, location: headers.location ?? null, body };
}
