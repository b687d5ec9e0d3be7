import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { dayMs, hourMs } from '#cloud/clock.ts';
import {
  type AcmeWorld,
  acmeWorld,
  authorize,
  csrFor,
  dns01,
  order,
} from '#cloud/kit/acme-world.ts';
import { apply, change } from '#cloud/kit/local-dns.ts';

let world: AcmeWorld;
afterEach(() => world.close());

describe('an order', () => {
  test('for apex and wildcard ends in a certificate that chains to the root', async () => {
    world = await acmeWorld();
    const client = await world.client();
    const asked = await order(client, 'example.com', '*.example.com');
    await authorize(world, client, asked);
    await client.finalizeOrder(asked, await csrFor('example.com', '*.example.com'));
    const pem = await client.getCertificate(asked);
    const [leaf, intermediate, ...more] = pem
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .filter((part) => part.includes('BEGIN'))
      .map((part) => new X509Certificate(part));
    expect(more).toEqual([]);
    expect(leaf?.subjectAltName).toBe('DNS:*.example.com, DNS:example.com');
    expect(leaf?.verify((intermediate as X509Certificate).publicKey)).toBe(true);
    const root = new X509Certificate(world.ca.issuanceRootPem);
    expect(intermediate?.verify(root.publicKey)).toBe(true);
    expect(world.ca.ledger().orders).toEqual([
      expect.objectContaining({
        status: 'valid',
        finalizedTimes: 1,
        serial: leaf?.serialNumber,
        names: ['*.example.com', 'example.com'],
      }),
    ]);
  });

  test('certifies 90 days from an hour ago, on the given clock', async () => {
    world = await acmeWorld();
    const client = await world.client();
    const asked = await order(client, 'example.com');
    await authorize(world, client, asked);
    const now = world.clock.now().getTime();
    await client.finalizeOrder(asked, await csrFor('example.com'));
    const leaf = new X509Certificate(await client.getCertificate(asked));
    const notBefore = new Date(leaf.validFrom).getTime();
    expect(Math.abs(notBefore - (now - hourMs))).toBeLessThan(2_000);
    expect(new Date(leaf.validTo).getTime() - notBefore).toBe(90 * dayMs - 1_000);
  });

  test('is processing until the certificate is there', async () => {
    world = await acmeWorld({ finalizeMs: 10_000 });
    const client = await world.client();
    const asked = await order(client, 'example.com');
    await authorize(world, client, asked);
    const finalized = await client.finalizeOrder(asked, await csrFor('example.com'));
    expect(finalized.status).toBe('processing');
    expect(finalized.certificate).toBeUndefined();
    world.clock.advance(10_000);
    expect(await client.getOrder(asked)).toMatchObject({
      status: 'valid',
      certificate: expect.stringContaining('/acme/cert/'),
    });
  });

  test('that is open is handed out again for the same names', async () => {
    world = await acmeWorld();
    const client = await world.client();
    const first = await order(client, 'example.com', '*.example.com');
    const again = await order(client, '*.example.com', 'EXAMPLE.com');
    expect(again.url).toBe(first.url);
    expect((await order(client, 'example.com')).url).not.toBe(first.url);
    const other = await world.client();
    expect((await order(other, 'example.com', '*.example.com')).url).not.toBe(first.url);
  });

  test('is ready at once when its authorizations are still valid', async () => {
    world = await acmeWorld();
    const client = await world.client();
    const first = await order(client, 'example.com');
    await authorize(world, client, first);
    await client.finalizeOrder(first, await csrFor('example.com'));
    expect(await order(client, 'example.com')).toMatchObject({ status: 'ready' });
    world.clock.advance(31 * dayMs);
    expect(await order(client, 'example.com')).toMatchObject({ status: 'pending' });
  });

  test('validates anew where authorizations are not reused', async () => {
    world = await acmeWorld({ authzReuse: false });
    const client = await world.client();
    const first = await order(client, 'example.com');
    await authorize(world, client, first);
    await client.finalizeOrder(first, await csrFor('example.com'));
    expect(await order(client, 'example.com')).toMatchObject({ status: 'pending' });
  });

  test('is invalid once its time is over', async () => {
    world = await acmeWorld();
    const client = await world.client();
    const asked = await order(client, 'example.com');
    world.clock.advance(7 * dayMs);
    expect((await client.getOrder(asked)).status).toBe('invalid');
  });
});

describe('an authorization', () => {
  test('offers an unknown challenge without a token, and for wildcards only DNS', async () => {
    world = await acmeWorld();
    const client = await world.client();
    const asked = await order(client, 'example.com', '*.example.com');
    const [wildcard, apex] = await client.getAuthorizations(asked);
    expect(wildcard).toMatchObject({ wildcard: true, identifier: { value: 'example.com' } });
    expect(wildcard?.challenges.map(({ type }) => type)).toEqual(['dns-persist-01', 'dns-01']);
    expect(wildcard?.challenges[0]).not.toHaveProperty('token');
    expect(apex).not.toHaveProperty('wildcard');
    expect(apex?.challenges.map(({ type }) => type)).toContain('http-01');
  });

  test.each([
    ['no record', undefined, 'dns', 'NXDOMAIN looking up TXT for _acme-challenge.example.com'],
    ['another value', '"wrong"', 'unauthorized', 'Incorrect TXT record "wrong" found at'],
  ])('fails with %s, and its order with it', async (_, value, type, detail) => {
    world = await acmeWorld();
    const name = '_acme-challenge.example.com';
    if (value) apply(world.dns, world.zoneId, change('CREATE', name, 'TXT', [value]));
    const client = await world.client();
    const asked = await order(client, 'example.com');
    const [authorization] = await client.getAuthorizations(asked);
    if (!authorization) throw new Error('no authorization');
    await client.completeChallenge(dns01(authorization));
    await expect(client.waitForValidStatus(authorization)).rejects.toThrow('invalid');
    expect(await client.getOrder(asked)).toMatchObject({
      status: 'invalid',
      error: {
        type: `urn:ietf:params:acme:error:${type}`,
        detail: expect.stringContaining(detail),
      },
    });
    expect((await order(client, 'example.com')).url).not.toBe(asked.url);
  });
});
