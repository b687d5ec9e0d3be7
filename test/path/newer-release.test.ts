import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { foreignIn, ofNewerRelease } from '#test/support/foreign-fields.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { ledgerBucket } from '#test/support/world-objects.ts';

let world: World;
afterEach(() => world?.close());

const key = 'certificates/shop/record.json';

test('after a rollback a certificate is renewed and proven, and the fields of the newer release are there', async () => {
  const target = `{type: alb, listener: "${listenerArn('shop')}"}`;
  world = await startWorld(
    configText(`  shop: {names: [example.com], issuer: local, targets: [${target}]}\n`),
  );
  await world.live(hourMs);
  const { text, put } = ledgerBucket(world);
  const before = ofNewerRelease(JSON.parse(text(key)));
  await put(key, JSON.stringify(before));
  world.clock.advance(61 * dayMs);
  await world.live(2 * hourMs);
  const record = world.record('shop');
  expect(record.versions).toHaveLength(2);
  expect(Object.values(record.deployments)).toMatchObject([
    { state: 'proven', versionId: record.desired },
  ]);
  const after = foreignIn(JSON.parse(text(key)));
  // What speaks of the version before, of one look, or of one lease; history keeps its fifty last entries.
  const replaced =
    /^\/(leases|history|sentEvents|replicas|renewalInfo|revocation|deployments\/[^ ]*\/(previous|probe|endpoint|changes))/;
  const lost = [...foreignIn(before).keys()].filter((path) => !after.has(path));
  expect(lost.filter((path) => !replaced.test(path))).toEqual([]);
  expect([...after.keys()]).toEqual(
    expect.arrayContaining([
      '',
      expect.stringMatching(/^\/imports\//),
      expect.stringMatching(/^\/versions\//),
    ]),
  );
});
