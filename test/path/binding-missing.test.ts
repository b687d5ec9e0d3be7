import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

test('a secret for the external account that does not exist is told by its name, whatever IAM says of it', async () => {
  const config = parse(configText('  shop: {names: [example.com], issuer: local}\n'));
  config.issuers.local.externalAccountBinding = { secret: 'ca/eab' };
  world = await startWorld(stringify(config), { mayDeny: true });
  await world.check();
  expect(world.record('shop').acquireFailure).toMatchObject({
    error: 'ExternalAccountUnreadable',
    message: expect.stringMatching(
      /^secret ca\/eab does not exist, or may not be read: .*AccessDenied/,
    ),
  });
  await world.check();
  expect(world.told()).toEqual([
    'certkeep warning: shop cannot be issued: ExternalAccountUnreadable',
  ]);
});
