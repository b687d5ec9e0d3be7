import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/clock.ts';
import type { Version } from '#shared/ledger/record.ts';
import { configText } from '#test/support/fleet.ts';
import { subjects } from '#test/support/two-cas.ts';
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
  expect(subjects({ world })).toContain('[certkeep] critical: shop has been revoked by local');
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

function publicKeyOf({ id }: Version): string {
  const key = `certificates/shop/versions/${id}/certificate.pem`;
  const pem = Buffer.from(world.cloud.s3.bytesOf(world.names.bucket, key) ?? '').toString();
  return new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
