import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAuthorization } from '#cloud/ca/book.ts';
import { httpFailure } from '#cloud/ca/http-validation.ts';
import { type DnsServer, startDns } from '#cloud/dns/server.ts';

const account = {
  url: 'https://ca.test/account/1',
  key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
  thumbprint: 'thumbprint',
  createdAt: new Date(0),
  contact: [],
  status: 'valid',
} as const;

let dns: DnsServer;
let server: Server;
let respond: RequestListener;

beforeEach(async () => {
  dns = await startDns({
    lookup: (name, type) =>
      name === 'shop.example.com' && type === 'A'
        ? { rcode: 'NOERROR', answers: [{ type: 'A', name, ttl: 0, data: '127.0.0.1' }] }
        : { rcode: 'NXDOMAIN', answers: [] },
  });
  server = createServer((request, response) => respond(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  await Promise.all([dns.close(), new Promise((resolve) => server.close(resolve))]);
});

async function validated(name = 'shop.example.com') {
  const authorization = openAuthorization(account, name, {
    now: new Date(0),
    url: 'https://ca.test/authz/1',
    challengeUrl: 'https://ca.test/challenge/1',
  });
  const challenge = authorization.challenges.find(({ type }) => type === 'http-01');
  if (!challenge) throw new Error('there is no http-01 challenge');
  const failure = await httpFailure(authorization, challenge, {
    resolver: dns.address,
    httpPort: () => (server.address() as AddressInfo).port,
    signal: new AbortController().signal,
  });
  return failure && `${failure.type.split(':').at(-1)}: ${failure.detail}`;
}

const token = (url = '') => url.split('/').at(-1);

test('a name is asked at its address, by its name and with the token', async () => {
  respond = ({ url, headers }, response) =>
    response.end(headers.host === 'shop.example.com' ? `${token(url)}.thumbprint` : '');
  expect(await validated()).toBeNull();
});

test('redirects over HTTP are followed', async () => {
  respond = ({ url = '' }, response) => {
    if (url.startsWith('/elsewhere/')) return response.end(`${token(url)}.thumbprint`);
    response.writeHead(302, { location: `http://shop.example.com/elsewhere/${token(url)}` }).end();
  };
  expect(await validated()).toBeNull();
});

test.each<[string, RequestListener, RegExp]>([
  ['another value', (_, response) => response.end('nothing'), /^unauthorized: .*"nothing"$/],
  ['an error', (_, response) => response.writeHead(404).end(), /^unauthorized: .*404$/],
  [
    'redirects without end',
    ({ url }, response) =>
      response.writeHead(301, { location: `http://shop.example.com${url}` }).end(),
    /^connection: .*Too many redirects$/,
  ],
  [
    'more than a value',
    (_, response) => response.end('x'.repeat(9_999)),
    /^connection: .*too long$/,
  ],
  ['a closed connection', ({ socket }) => socket.destroy(), /^connection: /],
])('%s is a failure', async (_, answer, expected) => {
  respond = answer;
  expect(await validated()).toMatch(expected);
});

test('so is a name without an address', async () => {
  expect(await validated('nowhere.example.com')).toMatch(/^dns: /);
});
