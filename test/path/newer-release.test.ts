import { afterEach, expect, test } from 'vitest';
import { partKey } from '#shared/ledger/parts/writers.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { foreignIn, ofNewerRelease } from '#test/support/foreign-fields.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { ledgerBucket } from '#test/support/world-objects.ts';

let world: World;
afterEach(() => world?.close());

const keys = (['check', 'issue', 'deploy', 'verify'] as const).map((writer) =>
  partKey(writer, 'shop'),
);

test('after a rollback a certificate is renewed and proven, and the fields of the newer release are there', async () => {
  const target = `{type: alb, listener: "${listenerArn('shop')}"}`;
  world = await startWorld(
    configText(`  shop: {names: [example.com], issuer: local, targets: [${target}]}\n`),
  );
  await world.live(hourMs);
  const { text, put } = ledgerBucket(world);
  const stored = keys.filter((key) => world.cloud.s3.bytesOf(world.names.bucket, key));
  const before = stored.map((key) => [key, ofNewerRelease(JSON.parse(text(key)))] as const);
  for (const [key, body] of before) await put(key, JSON.stringify(body));
  world.clock.advance(61 * dayMs);
  await world.live(2 * hourMs);
  const record = world.record('shop');
  expect(record.versions).toHaveLength(2);
  expect(Object.values(record.deployments)).toMatchObject([
    { state: 'proven', versionId: record.desired },
  ]);
  const after = foreignIn(Object.fromEntries(stored.map((key) => [key, JSON.parse(text(key))])));
  // What speaks of the version before, of one look, or of one lease; history keeps its fifty last entries.
  const replaced =
    /^\/records\/\w+\/shop\.json\/(leases|history|sent|outbox|renewalInfo|revocation|(deployments|verdicts)\/[^ ]*\/(previous|probe|endpoint|changes))/;
  const lost = [...foreignIn(Object.fromEntries(before)).keys()].filter((path) => !after.has(path));
  expect(lost.filter((path) => !replaced.test(path))).toEqual([]);
  expect([...after.keys()]).toEqual(
    expect.arrayContaining([
      ...stored.map((key) => `/${key}`),
      expect.stringMatching(/^\/records\/deploy\/shop\.json\/imports\//),
      expect.stringMatching(/^\/records\/issue\/shop\.json\/versions\//),
    ]),
  );
});
