import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

test('an issuer that is only renamed issues nothing, and goes on with its account, its advice and what it replaces', async () => {
  world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'));
  await world.check();
  await world.reconfigure((text) => {
    const config = parse(text);
    config.issuers = { renamed: config.issuers.local };
    config.certificates.shop.issuer = 'renamed';
    return stringify(config);
  });
  await world.live(7 * hourMs);
  const { ledger } = world.cloud.ca;
  expect(ledger().orders).toHaveLength(1);
  expect(world.record('shop').renewalInfo).toMatchObject({
    failures: 0,
    window: { start: expect.any(String) },
  });
  world.clock.advance(61 * dayMs);
  await world.check();
  expect(ledger().orders).toMatchObject([{ replaces: null }, { replaces: expect.any(String) }]);
  expect(ledger().accounts).toHaveLength(1);
});
