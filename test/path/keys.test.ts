import { X509Certificate } from 'node:crypto';
import { DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Version } from '#shared/ledger/record/record.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { happened, refusing } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

function version(): Version {
  const { desired, versions } = world.record('shop');
  return versions.find(({ id }) => id === desired) ?? expect.unreachable('it is issued');
}

test('a revocation on the list of the CA is found within a day, told, and renewed with a new key', async () => {
  const certificates = '  shop: {names: [example.com], issuer: local, rotation: reuse}\n';
  world = await startWorld(configText(certificates), { ca: { revocationList: true } });
  await world.check();
  await world.live(hourMs);
  expect(world.record('shop').revocation).toMatchObject({ revokedAt: null, failures: 0 });
  const before = version();
  world.cloud.ca.revoke(before.serial, 1);
  await world.liveUntil(() => version().id !== before.id, dayMs);
  expect(version().id).not.toBe(before.id);
  expect(happened({ world })).toContain('critical: shop has been revoked by local');
  expect(world.told()).toContainEqual(expect.stringMatching(/: shop revoked by the CA: Revoked$/));
  expect(publicKeyOf(version())).not.toBe(publicKeyOf(before));
});

describe('a renewal with rotation: reuse', () => {
  const certificates = '  shop: {names: [example.com], issuer: local, rotation: reuse}\n';

  test('takes over the key in service', async () => {
    world = await startWorld(configText(certificates));
    await world.check();
    const before = version();
    world.clock.advance(61 * dayMs);
    await world.check();
    expect(version().id).not.toBe(before.id);
    expect(publicKeyOf(version())).toBe(publicKeyOf(before));
  });

  test('makes a new one when it is forced', async () => {
    world = await startWorld(configText(certificates));
    await world.check();
    const before = version();
    await world.check({ certificates: ['shop'], force: true, reason: 'the key leaked' });
    expect(publicKeyOf(version())).not.toBe(publicKeyOf(before));
  });
});

const reused = '  shop: {names: [example.com], issuer: local, rotation: reuse}\n';
const failing = refusing('newOrder', { type: 'serverInternal', status: 503 });

test('a revocation is noticed while a renewal fails, and what was changed meanwhile keeps no bad key', async () => {
  world = await startWorld(configText(reused), { ca: { revocationList: true } });
  await world.check();
  const before = version();
  world.clock.advance(61 * dayMs);
  world.cloud.ca.misbehaviour.add(failing);
  await world.live(hourMs);
  expect(world.record('shop').attempt).toMatchObject({ reuseKey: true });
  world.cloud.ca.revoke(before.serial, 1);
  await world.reconfigure((text) => {
    const config = parse(text);
    config.certificates.shop.names = ['example.com', 'www.example.com'];
    return stringify(config);
  });
  await world.liveUntil(() => world.record('shop').revocation?.revokedAt != null, dayMs + hourMs);
  expect(world.record('shop').desired).toBe(before.id);
  expect(happened({ world })).toContain('critical: shop has been revoked by local');
  expect(world.told()).toContainEqual(expect.stringMatching(/: shop revoked by the CA: Revoked$/));
  world.cloud.ca.misbehaviour.clear();
  await world.liveUntil(() => version().id !== before.id, 2 * dayMs);
  expect(publicKeyOf(version())).not.toBe(publicKeyOf(before));
  expect(version().names).toContain('www.example.com');
});

test('a key that is to be taken over and is gone is told, and no other one made, unless a person forces it', async () => {
  const { replicas: _, ...alone } = parse(configText(reused));
  world = await startWorld(stringify(alone));
  await world.check();
  const before = version();
  world.clock.advance(61 * dayMs);
  const secrets = new SecretsManagerClient(operatorClient(world.cloud, 'us-east-1'));
  const SecretId = `${world.names.installation}/shop`;
  await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await world.live(hourMs);
  expect(version().id).toBe(before.id);
  expect(world.record('shop').acquireFailure).toMatchObject({ error: 'ReusedKeyMissing' });
  expect(world.told()).toContain(
    'certkeep critical: shop without a readable secret: SecretMissing',
  );
  const [mail] = world.inbox().slice(-1);
  expect(mail?.message).toContain('Renewable ReusedKeyMissing');
  await world.check({ certificates: ['shop'], force: true, reason: 'the key is lost' });
  expect(version().id).not.toBe(before.id);
});

function publicKeyOf({ id }: Version): string {
  const key = `certificates/shop/versions/${id}/certificate.pem`;
  const pem = Buffer.from(world.cloud.s3.bytesOf(world.names.bucket, key) ?? '').toString();
  return new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
