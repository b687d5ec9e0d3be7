import { afterEach, describe, expect, test } from 'vitest';
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

function invalid(why: string) {
  return { name: 'IssuerAnswerInvalid', message: expect.stringContaining(why) };
}

describe('an order is not believed when it', () => {
  const elsewhere = 'https://metadata.internal/latest';
  test.each([
    ['names a status of its own', { status: 'paid' }, 'status: Invalid option: expected one of'],
    ['has no finalize URL', { finalize: undefined }, 'has no finalize URL'],
    ['is pending on nothing', { authorizations: [] }, 'no authorizations'],
    [
      'has too many authorizations',
      { authorizations: Array(1_001).fill('https://a') },
      'authorizations: ',
    ],
    ['points its authorizations elsewhere', { authorizations: [elsewhere] }, 'metadata.internal'],
    ['points finalize elsewhere', { finalize: elsewhere }, 'metadata.internal'],
    ['points its certificate elsewhere', { certificate: 'file:///etc/passwd' }, 'file:'],
  ])('%s', async (_, change, why) => {
    const { issuer, server } = await caSaying((origin) => ({
      '/order/1': { body: { ...goodOrder(origin), ...change } },
    }));
    await expect(issuer.order(`${server.origin}/order/1`)).rejects.toMatchObject(invalid(why));
  });

  test.each<[string, Said, string]>([
    ['is not JSON', { body: '{"status": "pend' }, 'malformed JSON'],
    ['is a redirect', { status: 303, headers: { location: elsewhere } }, 'redirects'],
    ['is HTML', { headers: { 'content-type': 'text/html' }, body: '<html>' }, 'no valid order'],
    ['is a list', { body: [] }, 'no valid order'],
  ])('%s', async (_, said, why) => {
    const { issuer, server } = await caSaying(() => ({ '/order/1': said }));
    await expect(issuer.order(`${server.origin}/order/1`)).rejects.toMatchObject(invalid(why));
  });

  test('comes without a URL, or with one of another host', async () => {
    const { issuer } = await caSaying((origin) => ({
      '/order': (earlier) => ({
        status: 201,
        body: goodOrder(origin),
        ...(earlier ? { headers: { location: 'https://metadata.internal/' } } : {}),
      }),
    }));
    await expect(issuer.newOrder(['example.com'])).rejects.toMatchObject(invalid('no URL'));
    const second = issuer.newOrder(['example.com']);
    await expect(second).rejects.toMatchObject(invalid('metadata.internal'));
  });
});

test('a directory that points elsewhere is not followed', async () => {
  const { issuer, asked } = await caSaying((origin) => ({
    '/directory': {
      body: {
        newNonce: `${origin}/nonce`,
        newAccount: `${origin}/account`,
        newOrder: 'https://metadata.internal/order',
      },
    },
  }));
  const order = issuer.newOrder(['example.com']);
  await expect(order).rejects.toMatchObject(invalid('metadata.internal'));
  expect(asked('/account')).toBe(0);
});

describe('an authorization', () => {
  async function authorizationWith(...challenges: object[]) {
    const { issuer, server } = await caSaying((origin) => ({
      '/authz/1': {
        body: {
          identifier: { type: 'dns', value: 'Example.COM' },
          status: 'pending',
          challenges: challenges.map((each) =>
            'url' in each ? { ...each, url: `${origin}${each.url}` } : each,
          ),
        },
      },
    }));
    return issuer.authorization(`${server.origin}/authz/1`);
  }

  test('may offer types unknown to us, and challenges without a token', async () => {
    const authorization = await authorizationWith(
      { type: 'dns-persist-01', 'issuer-domain-names': ['ca.example'] },
      { type: 'dns-01', url: '/without-token' },
      { type: 'device-attest-01', url: '/1', token: 'abc', status: 'pending' },
      { type: 'dns-01', url: '/2', token: 'abc', status: 'pending' },
    );
    expect(authorization).toMatchObject({
      name: 'example.com',
      challenges: [{ type: 'dns-01', token: 'abc', status: 'pending', problem: null }],
    });
  });

  test.each(['../../etc/passwd', 'a b', '', '"; rm -rf', 'x'.repeat(3_000)])(
    'with the token %o is not believed',
    async (token) => {
      const challenge = { type: 'http-01', token, url: '/challenge', status: 'pending' };
      await expect(authorizationWith(challenge)).rejects.toMatchObject(invalid('base64url'));
    },
  );

  test('puts the reason of a failed challenge into one line', async () => {
    const { issuer, server } = await caSaying((origin) => ({
      '/authz/1': {
        body: {
          identifier: { type: 'dns', value: 'example.com' },
          wildcard: true,
          status: 'invalid',
          challenges: [
            {
              type: 'dns-01',
              url: `${origin}/challenge`,
              status: 'invalid',
              token: 'abc',
              error: { type: 'urn:ietf:params:acme:error:dns', detail: 'NXDOMAIN\nlooking up TXT' },
            },
          ],
        },
      },
    }));
    expect(await issuer.authorization(`${server.origin}/authz/1`)).toMatchObject({
      name: '*.example.com',
      challenges: [
        { status: 'invalid', problem: { type: 'dns', message: '"NXDOMAIN looking up TXT" (dns)' } },
      ],
    });
  });
});
