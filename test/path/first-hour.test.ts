import { afterEach, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { without } from '#test/installed/rights/statements.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const source = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);
const lacksRights = 'certkeep warning: certkeep lacks rights in us-east-1: RightsNotProven';

test('an installation whose renewals would be denied says so in its first hour, once', async () => {
  const gone = [{ role: 'certkeep-us-east-1-deploy', sid: 'RenewOwnCertificates' }];
  world = await startWorld(source, { mayDeny: true, edit: (all) => without(all, gone) });
  await world.check();
  await world.live(hourMs);
  expect(world.told()).toEqual([lacksRights]);
  await world.live(3 * hourMs);
  expect(world.told()).toEqual([lacksRights]);
});

test('an installation whose rights are whole has proven them in its first hour, and tells nobody', async () => {
  world = await startWorld(source);
  await world.check();
  await world.live(hourMs);
  const proofs = world.cloud.s3.bytesOf(world.names.bucket, 'rights/proofs.json') ?? [];
  expect(JSON.parse(Buffer.from(proofs).toString() || '{}')).toEqual({
    '000000000000/us-east-1': expect.objectContaining({
      provenAt: expect.any(String),
      failure: null,
    }),
  });
  expect(world.told()).toEqual([]);
});
