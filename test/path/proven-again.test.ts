import { afterEach, expect, test } from 'vitest';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

test('a proven endpoint is asked every six hours, and its record is written no more', async () => {
  world = await startWorld(
    configText(
      `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
    ),
  );
  await world.check();
  const asked = () => world.logs.filter(({ message }) => message === 'endpoint asked').length;
  const written = () =>
    world.cloud.s3.bytesOf(world.names.bucket, 'records/verify/shop.json')?.toString();
  const before = { asked: asked(), written: written() };
  await world.live(14 * 3_600_000);
  // Give or take a fifth.
  expect(asked() - before.asked).toBeGreaterThanOrEqual(1);
  expect(asked() - before.asked).toBeLessThanOrEqual(2);
  expect(written()).toBe(before.written);
});
