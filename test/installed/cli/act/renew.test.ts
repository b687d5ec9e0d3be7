import { afterAll, beforeAll, expect, test } from 'vitest';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { earlierClock, runCertkeep } from '#test/support/run-certkeep.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
beforeAll(async () => {
  const source = configText(`
  shop:
    names: [shop.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('web')}"}]
`).replace('termsOfServiceAgreed: true}', 'termsOfServiceAgreed: true, limits: {orders: 20 per 2h}}');
  world = await startWorld(source, { clock: earlierClock() });
  await world.live(3_600_000);
});
afterAll(() => world?.close());

test('it follows until served', async () => {
  const result = await runCertkeep(world, ['renew', 'shop', '--reason', 'the key may have leaked', '--yes']);
  console.log(result);
  expect(result.code).toBe(0);
});
