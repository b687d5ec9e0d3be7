import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const shop = `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`;
const written = 'arn:aws:kms:us-east-1:123456789012:key/mrk-0f1e2d3c4b5a4987a6b5c4d3e2f1a0b9';

const keyOf = (id: string) =>
  world.cloud.secrets.find(`certkeep/${id}`, world.landscape.config.home)?.kmsKeyId;

async function renewed(): Promise<void> {
  const { serial } = world.record('shop').versions.at(-1) ?? {};
  world.clock.advance(61 * dayMs);
  await world.check();
  await world.live(hourMs);
  const newest = world.record('shop').versions.at(-1)?.serial ?? '';
  expect(newest).not.toBe(serial);
  expect(await world.served('shop')).toEqual(new Set([newest]));
}

test('a key of the user is for new secrets, and renewals go on with the key of before on both sides of a change', async () => {
  world = await startWorld(`${configText(shop)}keyStore: {kmsKey: "${written}"}\n`);
  const { kmsKey } = world.landscape.config.keyStore ?? {};
  await world.check();
  await world.live(hourMs);
  expect(keyOf('shop')).toBe(kmsKey);
  const another = '  docs: {names: [docs.example.com], issuer: local}\n';
  await world.reconfigure((text) => {
    const without = text.replace(/keyStore:\n\s+kmsKey: .*\n/, '');
    return `${without.replace('certificates:\n', `certificates:\n${another}`)}retired: {kmsKeys: ["${kmsKey}"]}\n`;
  });
  await renewed();
  expect([keyOf('shop'), keyOf('docs')]).toEqual([kmsKey, 'alias/certkeep']);
  await world.reconfigure((text) =>
    text.replace(/retired: .*\n/, `keyStore: {kmsKey: "${kmsKey}"}\n`),
  );
  await renewed();
  expect(keyOf('docs')).toBe('alias/certkeep');
  expect(world.denied()).toEqual([]);
});
