import acme from 'acme-client';
import { afterEach, expect, test } from 'vitest';
import { type AcmeWorld, acmeWorld, authorize, csrFor, order } from '#cloud/kit/acme-world.ts';

let world: AcmeWorld;
afterEach(() => world.close());

async function issued() {
  world = await acmeWorld();
  const client = await world.client();
  const asked = await order(client, 'example.com');
  await authorize(world, client, asked);
  const finalized = await client.finalizeOrder(asked, await csrFor('example.com'));
  return { client, pem: await client.getCertificate(finalized) };
}

test('the account that ordered a certificate has it revoked, once', async () => {
  const { client, pem } = await issued();
  await client.revokeCertificate(pem, { reason: 1 });
  const [serial] = world.ca.revoked();
  expect(serial).toBe(world.ca.ledger().orders[0]?.serial);
  await expect(client.revokeCertificate(pem, { reason: 1 })).rejects.toThrow('already revoked');
});

test('another account has not', async () => {
  const { pem } = await issued();
  const stranger = await world.client();
  await expect(stranger.revokeCertificate(pem)).rejects.toThrow('differs from the owner');
  expect(world.ca.revoked()).toEqual([]);
});

test('a reason that no subscriber may give, and what is no certificate, are refused', async () => {
  const { client, pem } = await issued();
  await expect(client.revokeCertificate(pem, { reason: 9 })).rejects.toThrow('reason code 9');
  const key = await acme.crypto.createPrivateEcdsaKey();
  await expect(client.revokeCertificate(key)).rejects.toThrow();
  expect(world.ca.revoked()).toEqual([]);
});
