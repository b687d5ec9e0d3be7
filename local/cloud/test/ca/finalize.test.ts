import acme from 'acme-client';
import { afterEach, describe, expect, test } from 'vitest';
import { makeKey } from '#cloud/ca/x509.ts';
import { type AcmeWorld, acmeWorld, authorize, csrFor, order } from '#cloud/kit/acme-world.ts';

let world: AcmeWorld;
afterEach(() => world.close());

async function readyOrder() {
  world = await acmeWorld();
  const client = await world.client();
  const asked = await order(client, 'example.com');
  await authorize(world, client, asked);
  return { client, asked };
}

describe('finalize', () => {
  test('waits for the authorizations', async () => {
    world = await acmeWorld();
    const client = await world.client();
    const asked = await order(client, 'example.com');
    await expect(client.finalizeOrder(asked, await csrFor('example.com'))).rejects.toThrow(
      'Order\'s status ("pending") is not acceptable for finalization',
    );
  });

  test('refuses a CSR for other names and leaves the order ready', async () => {
    const { client, asked } = await readyOrder();
    for (const names of [['example.com', 'www.example.com'], ['example.org']]) {
      await expect(client.finalizeOrder(asked, await csrFor(...names))).rejects.toThrow(
        'CSR does not specify the same identifiers as Order',
      );
    }
    expect((await client.getOrder(asked)).status).toBe('ready');
  });

  test('refuses bytes that are no CSR, and one whose signature is wrong', async () => {
    const { client, asked } = await readyOrder();
    const csr = await csrFor('example.com');
    const pem = acme.crypto.getPemBodyAsB64u(csr);
    const bytes = Buffer.from(pem, 'base64url');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    await expect(client.finalizeOrder(asked, forged)).rejects.toThrow('signature does not verify');
    const noise = '-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n';
    await expect(client.finalizeOrder(asked, noise)).rejects.toThrow('Error parsing certificate');
  });

  test('refuses a key that Let’s Encrypt would not certify', async () => {
    const { client, asked } = await readyOrder();
    const key = await acme.crypto.createPrivateEcdsaKey('P-521');
    const [, csr] = await acme.crypto.createCsr({ altNames: ['example.com'] }, key);
    await expect(client.finalizeOrder(asked, csr)).rejects.toThrow('secp521r1 is not supported');
  });

  test('refuses the key of the account', async () => {
    world = await acmeWorld();
    const accountKey = makeKey('ecdsa-p256').keyPem;
    const client = new acme.Client({ directoryUrl: world.ca.directoryUrl, accountKey });
    await client.createAccount({ termsOfServiceAgreed: true });
    const asked = await order(client, 'example.com');
    await authorize(world, client, asked);
    const [, csr] = await acme.crypto.createCsr({ altNames: ['example.com'] }, accountKey);
    await expect(client.finalizeOrder(asked, csr)).rejects.toThrow('different than account key');
  });

  test('happens once, however often and however fast it is asked for', async () => {
    const { client, asked } = await readyOrder();
    const csr = await csrFor('example.com');
    const attempts = [1, 2, 3].map(() => client.finalizeOrder(asked, csr));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(world.ca.ledger().orders).toMatchObject([{ finalizedTimes: 1, status: 'valid' }]);
  });

  test('takes RSA-2048 keys and accounts with RSA and P-384 keys', async () => {
    world = await acmeWorld();
    const rsa = makeKey('rsa-2048').keyPem;
    for (const accountKey of [makeKey('rsa-2048').keyPem, makeKey('ecdsa-p384').keyPem]) {
      const client = new acme.Client({
        directoryUrl: world.ca.directoryUrl,
        accountKey,
        backoffMin: 10,
        backoffMax: 20,
        backoffAttempts: 200,
      });
      await client.createAccount({ termsOfServiceAgreed: true });
      const asked = await order(client, 'example.com');
      await authorize(world, client, asked);
      const [, csr] = await acme.crypto.createCsr({ altNames: ['example.com'] }, rsa);
      await client.finalizeOrder(asked, csr);
      expect(await client.getCertificate(asked)).toContain('BEGIN CERTIFICATE');
    }
  });
});
