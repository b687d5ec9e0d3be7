import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import {
  goodOrder,
  type HostileCa,
  type Said,
  type Script,
  startHostileCa,
} from '#test/support/hostile-ca.ts';

let ca: HostileCa | undefined;
afterEach(() => ca?.server.close());

async function caSaying(script: (origin: string) => Script): Promise<HostileCa> {
  ca = await startHostileCa(script);
  return ca;
}

/** The protected header of a request. */
function headerOf(body: string): { readonly url: string; readonly kid?: string } {
  const { protected: encoded } = JSON.parse(body);
  return JSON.parse(Buffer.from(encoded, 'base64url').toString());
}

describe('an order is read', () => {
  test.each<[string, object]>([
    ['that is valid and has no finalize URL', { status: 'valid', finalize: undefined }],
    ['that is ready and names no authorizations', { status: 'ready', authorizations: undefined }],
    [
      'whose empty fields are null',
      { status: 'ready', authorizations: null, certificate: null, error: null, expires: null },
    ],
    ['that is invalid and has nothing else', { status: 'invalid', finalize: null }],
  ])('%s', async (_, change) => {
    const { issuer, server } = await caSaying((origin) => ({
      '/order/1': { body: { ...goodOrder(origin), ...change } },
    }));
    const { status } = change as { status: string };
    expect(await issuer.order(`${server.origin}/order/1`)).toMatchObject({ status });
  });

  test.each<[string, (json: string) => Said]>([
    [
      'that comes as gzip though nobody asked for it',
      (json) => ({
        headers: { 'content-encoding': 'gzip' },
        body: gzipSync(json),
      }),
    ],
    [
      'whose media type is in capitals',
      (json) => ({ headers: { 'content-type': 'Application/JSON' }, body: json }),
    ],
    [
      'whose media type is one of the CA',
      (json) => ({ headers: { 'content-type': 'application/vnd.ca.v1+json' }, body: json }),
    ],
  ])('%s', async (_, said) => {
    const { issuer, server } = await caSaying((origin) => ({
      '/order/1': said(JSON.stringify(goodOrder(origin))),
    }));
    expect(await issuer.order(`${server.origin}/order/1`)).toMatchObject({ status: 'pending' });
    expect(server.received.every(({ headers }) => headers['accept-encoding'] === 'identity')).toBe(
      true,
    );
  });
});

test('a content coding that is not known is refused by its name', async () => {
  const { issuer, server } = await caSaying(() => ({
    '/order/1': { headers: { 'content-encoding': 'zstd' }, body: 'x' },
  }));
  await expect(issuer.order(`${server.origin}/order/1`)).rejects.toMatchObject({
    name: 'IssuerAnswerInvalid',
    message: 'the CA sent the content coding "zstd"',
  });
});

test('URLs may be relative to the one that was asked', async () => {
  const { issuer, server, asked } = await caSaying(() => ({
    '/directory': { body: { newNonce: '/nonce', newAccount: 'account', newOrder: './order' } },
    '/account': { status: 201, headers: { location: '/account/1' } },
    '/order': {
      status: 201,
      headers: { location: 'order/1' },
      body: { status: 'pending', authorizations: ['/authz/1'], finalize: 'order/1/finalize' },
    },
  }));
  expect(await issuer.newOrder(['example.com'])).toMatchObject({
    url: `${server.origin}/order/1`,
    authorizationUrls: [`${server.origin}/authz/1`],
    finalizeUrl: `${server.origin}/order/1/finalize`,
  });
  const { body } = server.received.find(({ url }) => url === '/order') ?? { body: '' };
  expect(headerOf(body)).toMatchObject({ kid: `${server.origin}/account/1` });
  expect(asked('/order')).toBe(1);
});

test('URLs are signed as the CA writes them', async () => {
  const { issuer, server } = await caSaying((origin) => ({
    '/account': { status: 201, headers: { location: `${origin}/a/../account/1` } },
  }));
  const written = `${server.origin}/x/../order/1`;
  await issuer.order(written);
  const { body } = server.received.find(({ url }) => url === '/order/1') ?? { body: '' };
  expect(headerOf(body)).toMatchObject({
    url: written,
    kid: `${server.origin}/a/../account/1`,
  });
});

test.each([
  ['without a content type', {}],
  ['of plain text', { 'content-type': 'text/plain' }],
])('a nonce that is not taken any more is replaced, whatever tells so: %s', async (_, headers) => {
  const bad = JSON.stringify({ type: 'urn:ietf:params:acme:error:badNonce', detail: 'old' });
  const { issuer, asked } = await caSaying((origin) => ({
    '/order': (earlier) =>
      earlier === 0
        ? { status: 400, headers: { 'content-type': '', ...headers }, body: bad }
        : { status: 201, headers: { location: `${origin}/order/1` }, body: goodOrder(origin) },
  }));
  expect(await issuer.newOrder(['example.com'])).toMatchObject({ status: 'pending' });
  expect(asked('/order')).toBe(2);
});

describe('a nonce', () => {
  test('is asked for by HEAD where GET is not allowed', async () => {
    const { issuer, server } = await caSaying(() => ({
      '/nonce': () => ({ status: server.received.at(-1)?.method === 'HEAD' ? 200 : 405 }),
    }));
    expect(await issuer.newOrder(['example.com'])).toMatchObject({ status: 'pending' });
    const methods = server.received.filter(({ url }) => url === '/nonce');
    expect(methods.map(({ method }) => method)).toEqual(['GET', 'HEAD']);
  });

  test('that cannot be had says nothing of the order it was for', async () => {
    const { issuer, server } = await caSaying(() => ({ '/nonce': { status: 404 } }));
    await expect(issuer.order(`${server.origin}/order/1`)).rejects.toMatchObject({
      name: 'IssuerAnswerInvalid',
      message: 'newNonce is answered with 404',
    });
  });

  test('may be long', async () => {
    const nonce = 'n'.repeat(6_000);
    const { issuer, server } = await caSaying(() => ({
      '/nonce': { status: 204, headers: { 'replay-nonce': nonce }, body: '' },
    }));
    await issuer.newOrder(['example.com']);
    const { body } = server.received.find(({ url }) => url === '/account') ?? { body: '' };
    expect(headerOf(body)).toMatchObject({ nonce });
  });
});

describe('challenges that are not used disturb nothing:', () => {
  const good = { type: 'dns-01', url: '/challenge/1', token: 'abc', status: 'pending' };
  test.each<[string, object | null]>([
    ['an unknown type with a token that is no text', { type: 'x-01', token: 7, url: 'https://a/' }],
    ['an unknown type with a state of its own', { type: 'x-01', status: 'on_hold!' }],
    ['an unwanted type at another host', { ...good, type: 'tls-alpn-01', url: 'https://evil/' }],
    ['an unwanted type without a URL', { type: 'tls-alpn-01', token: 'abc' }],
    ['an unwanted type with a strange token', { ...good, type: 'tls-alpn-01', token: '../..' }],
    ['nothing at all', null],
  ])('%s', async (_, other) => {
    const { issuer, server } = await caSaying(() => ({
      '/authz/1': {
        body: {
          identifier: { type: 'dns', value: 'example.com' },
          status: 'pending',
          challenges: [other, good],
        },
      },
    }));
    const { challenges } = await issuer.authorization(`${server.origin}/authz/1`);
    expect(challenges.map(({ type, url }) => [type, url])).toEqual([
      ['dns-01', `${server.origin}/challenge/1`],
    ]);
  });
});

test('an order of another directory on the same host is one that the CA does not know', async () => {
  const { issuer, server } = await caSaying(() => ({
    '/order/1': {
      status: 400,
      body: { type: 'urn:ietf:params:acme:error:malformed', detail: 'not of this provisioner' },
    },
  }));
  expect(await issuer.order(`${server.origin}/order/1`)).toBeNull();
});

test('a CA that has moved is found by its directory, which is not asked each time', async () => {
  let moved = false;
  const gone: Said = { status: 404, body: { type: 'about:blank', detail: 'gone' } };
  const { issuer, asked, clock } = await caSaying((origin) => ({
    '/directory': {
      body: {
        newNonce: `${origin}/nonce`,
        newAccount: `${origin}/account`,
        newOrder: `${origin}/${moved ? 'new' : 'order'}`,
      },
    },
    '/order': () =>
      moved ? gone : { status: 201, headers: { location: '/order/1' }, body: goodOrder(origin) },
    '/new': { status: 201, headers: { location: '/order/2' }, body: goodOrder(origin) },
  }));
  await issuer.newOrder(['example.com']);
  moved = true;
  await expect(issuer.newOrder(['example.com'])).rejects.toMatchObject({ name: 'IssuerRefused' });
  expect(asked('/directory')).toBe(1);
  clock.advance(hourMs);
  expect(await issuer.newOrder(['example.com'])).toMatchObject({ status: 'pending' });
  await issuer.newOrder(['example.com']);
  expect([asked('/directory'), asked('/new')]).toEqual([2, 2]);
});

test('advice for a time that no record can hold is not believed', async () => {
  const { issuer } = await caSaying((origin) => ({
    '/directory': {
      body: {
        newNonce: `${origin}/nonce`,
        newAccount: `${origin}/account`,
        newOrder: `${origin}/order`,
        renewalInfo: `${origin}/ari`,
      },
    },
    '/ari/a.b': {
      body: {
        suggestedWindow: { start: '2026-12-01T00:00:00Z', end: '9999-12-31T23:59:00-12:00' },
      },
    },
  }));
  await expect(issuer.renewalInfo('a.b')).rejects.toMatchObject({ name: 'IssuerAnswerInvalid' });
});

test.each([[''], [5], ['https://elsewhere.example/key']])(
  'a key change at %j keeps nobody from ordering',
  async (keyChange) => {
    const { issuer } = await caSaying(() => ({
      '/directory': {
        body: { newNonce: '/nonce', newAccount: '/account', newOrder: '/order', keyChange },
      },
      '/account': { status: 201, headers: { location: '/account/1' } },
      '/order': {
        status: 201,
        headers: { location: '/order/1' },
        body: { status: 'pending', authorizations: ['/authz/1'], finalize: '/order/1/finalize' },
      },
    }));
    expect(await issuer.newOrder(['example.com'])).toMatchObject({ status: 'pending' });
  },
);
