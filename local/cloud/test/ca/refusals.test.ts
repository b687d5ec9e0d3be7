import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AcmeWorld } from '#cloud/kit/acme-world.ts';
import { acmeWire, error, orderFor, registeredWire } from '../support/acme-wire.ts';

let world: AcmeWorld;
let base: string;
let wire: ReturnType<typeof acmeWire>;
let account: string;

beforeAll(async () => {
  ({ world, base, wire, account } = await registeredWire());
});
afterAll(() => world.close());

describe('an account', () => {
  test('is found again by its key', async () => {
    const changed = { jwk: wire.jwk, kid: undefined };
    const again = await wire.post('/acme/new-acct', { onlyReturnExisting: true }, changed);
    expect(again.status).toBe(200);
    expect(again.headers.location).toBe(account);
  });

  test('is not made when only an existing one is wanted', async () => {
    const stranger = acmeWire(base, world.ca.rootPem);
    const answer = await stranger.post('/acme/new-acct', { onlyReturnExisting: true });
    expect(answer).toMatchObject({ status: 400, body: { type: error('accountDoesNotExist') } });
  });

  test('that was deactivated can do nothing more', async () => {
    const leaver = acmeWire(base, world.ca.rootPem);
    const url = await leaver.register();
    const path = url.slice(base.length);
    expect((await leaver.post(path, { status: 'deactivated' })).body.status).toBe('deactivated');
    const answer = await leaver.post('/acme/new-order', orderFor('a.test'));
    expect(answer).toMatchObject({ status: 401, body: { type: error('unauthorized') } });
  });

  test('does not see the orders of another', async () => {
    const created = await wire.post('/acme/new-order', orderFor('mine.test'));
    const path = String(created.headers.location).slice(base.length);
    expect((await wire.post(path, null)).status).toBe(200);
    expect((await wire.post(path, {})).body.detail).toContain('POST-as-GET');
    const stranger = acmeWire(base, world.ca.rootPem);
    await stranger.register();
    expect((await stranger.post(path, null)).status).toBe(404);
    const [authorization] = created.body.authorizations;
    const foreign = await stranger.post(authorization.slice(base.length), null);
    expect(foreign).toMatchObject({ status: 403, body: { type: error('unauthorized') } });
  });
});

describe('an order', () => {
  test.each([
    ['a dot at the end', 'example.com.'],
    ['an underscore', 'a_b.example.com'],
    ['one label', 'localhost'],
    ['an address', '192.0.2.1'],
    ['a wildcard in the middle', 'a.*.example.com'],
    ['a label of 64 characters', `${'x'.repeat(64)}.example.com`],
    ['a letter that is not ASCII', 'bücher.example'],
  ])('for a name with %s is rejected', async (_, name) => {
    const answer = await wire.post('/acme/new-order', orderFor(name));
    expect(answer).toMatchObject({ status: 400, body: { type: error('rejectedIdentifier') } });
  });

  test('names every rejected name in a problem of its own', async () => {
    const { body } = await wire.post('/acme/new-order', orderFor('a_b.test', 'c.test', 'd_.test'));
    expect(body.subproblems.map((each: { identifier: object }) => each.identifier)).toEqual([
      { type: 'dns', value: 'a_b.test' },
      { type: 'dns', value: 'd_.test' },
    ]);
  });

  test.each([
    ['no names', { identifiers: [] }, 'malformed'],
    ['a name that a wildcard covers', orderFor('*.a.test', 'b.a.test'), 'malformed'],
    ['an address', { identifiers: [{ type: 'ip', value: '::1' }] }, 'unsupportedIdentifier'],
    ['over 100 names', orderFor(...hundredAndOne()), 'malformed'],
    ['an end of its own', { ...orderFor('a.test'), notAfter: '2030-01-01' }, 'malformed'],
    ['an unknown profile', { ...orderFor('a.test'), profile: 'x' }, 'invalidProfile'],
  ])('with %s is refused', async (_, payload, name) => {
    const answer = await wire.post('/acme/new-order', payload);
    expect(answer).toMatchObject({ status: 400, body: { type: error(name) } });
  });
});

function hundredAndOne(): string[] {
  return Array.from({ length: 101 }, (_, n) => `n${n}.test`);
}
