import { afterEach, expect, test } from 'vitest';
import { putForeignTxt } from '#local/demo/foreign-txt.ts';
import { txtAt } from '#test/support/dns.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const apexAndWildcard = configText(
  '  shop: {names: [example.com, "*.example.com"], issuer: local}\n',
);

test('a certificate that exists nowhere is issued, stored, copied and told', async () => {
  world = await startWorld(apexAndWildcard);
  await world.check();
  const record = world.record('shop');
  expect(record.versions.map(({ id }) => id)).toEqual([record.desired]);
  expect(record.attempt).toBeNull();
  expect(record.replicas['eu-west-1']).toMatchObject({ versionId: record.desired });
  const replica = world.cloud.s3.keysOf('certkeep-000000000000-eu-west-1');
  expect(replica).toContain(`certificates/shop/versions/${record.desired}/certificate.pem`);
  expect(replica).toContain('certificates/shop/record.json');
  expect(world.inbox().map(({ subject }) => subject)).toEqual([
    '[certkeep] info: shop was issued by local and stored',
  ]);
});

test('apex and wildcard in one order leave no TXT behind, and a foreign one survives', async () => {
  world = await startWorld(apexAndWildcard, {
    prepare: ({ cloud }) =>
      putForeignTxt(cloud, 'us-east-1', {
        name: '_acme-challenge.example.com',
        value: 'somebody else',
      }),
  });
  await world.check();
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
  expect(world.record('shop').txt).toEqual([]);
  expect(txtAt(world, '_acme-challenge.example.com')).toEqual(['"somebody else"']);
});

test('a healthy certificate is left alone', async () => {
  world = await startWorld(apexAndWildcard);
  await world.check();
  await world.live(3 * 3_600_000);
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
  expect(world.inbox()).toHaveLength(1);
});

test('a certificate is renewed with a third of its life left, once', async () => {
  world = await startWorld(apexAndWildcard);
  await world.check();
  const first = world.record('shop').desired;
  world.clock.advance(61 * 86_400_000);
  await world.check();
  const record = world.record('shop');
  expect(record.desired).not.toBe(first);
  expect(record.versions).toHaveLength(2);
  expect(world.cloud.ca.ledger().orders).toHaveLength(2);
});

test('a force is a reason to issue again, once', async () => {
  world = await startWorld(apexAndWildcard);
  await world.check();
  await world.check({ certificates: ['shop'], force: true, reason: 'the key leaked' });
  await world.check();
  expect(world.cloud.ca.ledger().orders).toHaveLength(2);
  expect(world.record('shop').history.map(({ why }) => why)).toContain('forced: "the key leaked"');
});

test('a force of a certificate that is not configured is answered by name, and is no failed run', async () => {
  world = await startWorld(apexAndWildcard);
  const request = { certificates: ['shp'], force: true, reason: 'typo' };
  const answer = await world.dispatcher.invoke('check:force', request);
  const refused = expect.stringContaining('"shp" is not in the configuration');
  expect(answer).toMatchObject({ ok: true, payload: { refused } });
});

test('a message that SNS refuses for an hour reaches people in the end', async () => {
  world = await startWorld(apexAndWildcard);
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'Publish',
    fault: { do: 'refuse', code: 'AuthorizationError', status: 403 },
    times: 7,
  });
  await world.check();
  expect(world.inbox()).toEqual([]);
  await world.live(2 * 3_600_000);
  // Perhaps twice: Lambda's own retry and check's may meet.
  expect(new Set(world.inbox().map(({ subject }) => subject))).toEqual(
    new Set(['[certkeep] info: shop was issued by local and stored']),
  );
  expect(world.record('shop').outbox).toEqual([]);
});
