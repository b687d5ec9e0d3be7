import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey } from '#cloud/ca/x509.ts';
import type { AcmeWorld } from '#cloud/kit/acme-world.ts';
import { type acmeWire, error, jws, orderFor, registeredWire } from '../support/acme-wire.ts';

let world: AcmeWorld;
let base: string;
let wire: ReturnType<typeof acmeWire>;
let account: string;

beforeAll(async () => {
  ({ world, base, wire, account } = await registeredWire());
});
afterAll(() => world.close());

describe('a request', () => {
  test('without User-Agent is refused', async () => {
    const answer = await wire.request(world.ca.directoryUrl, 'GET', undefined, {});
    expect(answer).toMatchObject({ status: 400, body: { type: error('malformed') } });
  });

  test('for a nonce gets 200 to HEAD and 204 to GET', async () => {
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
    ] as const) {
      const answer = await wire.request(`${base}/acme/new-nonce`, method);
      expect(answer.status).toBe(status);
      expect(answer.headers['replay-nonce']).toMatch(/^[\w-]{20,}$/);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });

  test('with a nonce that was used gets badNonce and a new one', async () => {
    const nonce = await wire.nonce();
    expect((await wire.post('/acme/new-order', orderFor('a.test'), { nonce })).status).toBe(201);
    const again = await wire.post('/acme/new-order', orderFor('a.test'), { nonce });
    expect(again).toMatchObject({ status: 400, body: { type: error('badNonce') } });
    expect(again.headers['content-type']).toBe('application/problem+json');
    expect(again.headers['replay-nonce']).toBeTruthy();
  });

  test.each([
    ['no nonce', { nonce: undefined }, 'badNonce', 400],
    ['another URL', { url: 'https://127.0.0.1/acme/new-order' }, 'unauthorized', 403],
    ['an unknown algorithm', { alg: 'HS256' }, 'badSignatureAlgorithm', 400],
    ['an algorithm that does not fit', { alg: 'ES384' }, 'badSignatureAlgorithm', 400],
    ['an unknown account', { kid: 'https://127.0.0.1/acct/1' }, 'accountDoesNotExist', 400],
    ['neither jwk nor kid', { kid: undefined }, 'malformed', 400],
  ])('with %s is refused', async (_, changed, name, status) => {
    const answer = await wire.post('/acme/new-order', orderFor('a.test'), changed);
    expect(answer).toMatchObject({ status, body: { type: error(name) } });
  });

  test('with both jwk and kid, or jwk instead of kid, is refused', async () => {
    const both = await wire.post('/acme/new-order', orderFor('a.test'), { jwk: wire.jwk });
    expect(both).toMatchObject({ status: 400, body: { type: error('malformed') } });
    const changed = { jwk: wire.jwk, kid: undefined };
    const answer = await wire.post('/acme/new-order', orderFor('a.test'), changed);
    expect(answer).toMatchObject({ status: 400, body: { detail: 'No Key ID in JWS header' } });
  });

  test('signed by another key is refused', async () => {
    const url = `${base}/acme/new-order`;
    const header = { alg: 'ES256', nonce: await wire.nonce(), url, kid: account };
    const forged = jws(header, orderFor('a.test'), makeKey('ecdsa-p256').privateKey);
    const answer = await wire.request(url, 'POST', JSON.stringify(forged));
    expect(answer).toMatchObject({ status: 400, body: { detail: 'JWS verification error' } });
  });

  test.each(['', '{', '[]', '{"protected":"e30","payload":"","signature":"="}'])(
    'with the body %j is malformed',
    async (body) => {
      const answer = await wire.request(`${base}/acme/new-order`, 'POST', body);
      expect(answer).toMatchObject({ status: 400, body: { type: error('malformed') } });
    },
  );

  test('by GET for a resource, or with another content type, is refused', async () => {
    expect((await wire.request(`${base}/acme/new-order`, 'GET')).status).toBe(405);
    const headers = { 'user-agent': 'test', 'content-type': 'application/json' };
    expect((await wire.request(`${base}/acme/new-order`, 'POST', '{}', headers)).status).toBe(415);
    expect((await wire.request(`${base}/acme/nothing`, 'POST', '{}')).status).toBe(404);
  });
});
