import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey } from '#cloud/ca/x509.ts';
import type { AcmeWorld } from '#cloud/kit/acme-world.ts';
import { acmeWire, error, jws, orderFor, registeredWire } from '../support/acme-wire.ts';

let world: AcmeWorld;
let base: string;
let wire: ReturnType<typeof acmeWire>;
let account: string;
let next: ReturnType<typeof makeKey>;

beforeAll(async () => {
  ({ world, base, wire, account } = await registeredWire());
  next = makeKey('ecdsa-p256');
});
afterAll(() => world.close());

const path = '/acme/key-change';

/** RFC 8555 §7.3.5: what the new key signs. */
function inner(changed: { header?: object; payload?: object; key?: typeof next } = {}) {
  const { header, key = next, payload } = changed;
  const jwk = key.publicKey.export({ format: 'jwk' });
  return jws(
    { alg: 'ES256', jwk, url: `${base}${path}`, ...header },
    { account, oldKey: wire.jwk, ...payload },
    key.privateKey,
  );
}

describe('a key change', () => {
  test.each([
    ['with a nonce within', { header: { nonce: 'x' } }],
    ['for another URL', { header: { url: 'https://127.0.0.1/' } }],
    ['for another account', { payload: { account: 'https://127.0.0.1/acct/1' } }],
    ['from another key', { payload: { oldKey: { kty: 'EC' } } }],
    ['that names no key', { header: { jwk: undefined, kid: 'x' } }],
  ])('%s is refused', async (_, changed) => {
    const answer = await wire.post(path, inner(changed));
    expect(answer).toMatchObject({ status: 400, body: { type: error('malformed') } });
  });

  test('that another key has signed is refused', async () => {
    const forged = { ...inner(), signature: inner({ key: makeKey('ecdsa-p256') }).signature };
    expect((await wire.post(path, forged)).body.detail).toBe('JWS verification error');
  });

  test('to the key of another account is a conflict, and names that account', async () => {
    const other = acmeWire(base, world.ca.rootPem);
    const url = await other.register();
    const answer = await wire.post(path, inner({ key: other.keys }));
    expect(answer).toMatchObject({ status: 409, headers: { location: url } });
  });

  test('lets the new key sign, and the old one no more', async () => {
    expect(await wire.post(path, inner())).toMatchObject({
      status: 200,
      body: { status: 'valid' },
    });
    const old = await wire.post('/acme/new-order', orderFor('a.test'));
    expect(old).toMatchObject({ status: 400, body: { detail: 'JWS verification error' } });
    const url = `${base}/acme/new-acct`;
    const jwk = next.publicKey.export({ format: 'jwk' });
    const header = { alg: 'ES256', nonce: await wire.nonce(), url, jwk };
    const body = jws(header, { onlyReturnExisting: true }, next.privateKey);
    const found = await wire.request(url, 'POST', JSON.stringify(body));
    expect(found).toMatchObject({ status: 200, headers: { location: account } });
  });
});
