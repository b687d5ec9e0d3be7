import { afterEach, expect, test } from 'vitest';
import { putForeignTxt } from '#local/demo/foreign-txt.ts';
import type { Told } from '#shared/finish/alert/told.ts';
import { txtAt } from '#test/support/dns.ts';
import { configText } from '#test/support/fleet.ts';
import { refusing } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { putRecord } from '#test/support/world-records.ts';

let world: World;
afterEach(() => world?.close());

const apexAndWildcard = configText(
  '  shop: {names: [example.com, "*.example.com"], issuer: local}\n',
);

test('a certificate that exists nowhere is issued, stored and copied, and people hear that it is kept', async () => {
  world = await startWorld(apexAndWildcard);
  await world.check();
  const record = world.record('shop');
  expect(record.versions.map(({ id }) => id)).toEqual([record.desired]);
  expect(record.attempt).toBeNull();
  expect(record.replicas['eu-west-1']).toMatchObject({ versionId: record.desired });
  const replica = world.cloud.s3.keysOf('certkeep-000000000000-eu-west-1');
  expect(replica).toContain(`certificates/shop/versions/${record.desired}/certificate.pem`);
  expect(replica).toContain('certificates/shop/record.json');
  expect(world.events().map(({ summary }) => summary)).toEqual([
    'shop was issued by local and stored',
  ]);
  expect(world.inbox().map(({ subject }) => subject)).toEqual([
    'certkeep summary: certificates kept: 1, well: 0, in work: 1',
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

const ofOrder = ['answer', 'ChangeResourceRecordSets', 'finalize', 'certificate'];

/** The calls of issue that make and take away the proof, and get the certificate, in their order. */
const callsOfOrder = () =>
  world.cloud.faults.calls
    .filter(({ caller, operation }) => caller === 'issue' && ofOrder.includes(operation))
    .map(({ operation }) => operation);

test('the values are taken away while the CA makes the certificate', async () => {
  world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'));
  await world.check();
  const [put, ...rest] = callsOfOrder();
  expect(put).toBe('ChangeResourceRecordSets');
  expect(rest.filter((operation) => operation !== 'answer')).toEqual([
    'finalize',
    'ChangeResourceRecordSets',
    'certificate',
  ]);
});

test('they are taken away also where the CA refuses to make it', async () => {
  world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'));
  world.cloud.ca.misbehaviour.add(refusing('finalize', { type: 'badCSR', status: 400 }));
  await world.check();
  expect(world.record('shop').acquireFailure).toMatchObject({ error: 'IssuerRefused' });
  expect(world.record('shop').txt).toEqual([]);
  expect(txtAt(world, '_acme-challenge.example.com')).toEqual([]);
});

test('a healthy certificate is left alone, and nobody hears of it', async () => {
  world = await startWorld(apexAndWildcard);
  await world.check();
  await world.live(3 * 3_600_000);
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
  expect(world.events()).toHaveLength(1);
  expect(world.told()).toEqual([]);
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

test('what SNS refuses is sent after a later check, as the same message', async () => {
  world = await startWorld(apexAndWildcard, {
    prepare: async ({ cloud, clock }) => {
      const value = '0 issue "other.example"';
      await putRecord(cloud, 'example.com', 'UPSERT', 'example.com', 'CAA', [value]);
      clock.advance(60_000);
    },
  });
  await world.check();
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'Publish',
    fault: { do: 'refuse', code: 'AuthorizationError', status: 403 },
    times: 7,
  });
  await world.check();
  expect(world.told()).toEqual([]);
  const [begun] = Object.values(toldObject().sending);
  await world.live(3_600_000);
  // Perhaps twice: Lambda's own retry and the next check may meet.
  expect(new Set(world.told())).toEqual(
    new Set(['certkeep warning: shop cannot be issued: CaaForbids']),
  );
  const sent = world.logs.filter(({ message }) => message === 'people told');
  expect(sent.at(-1)?.event).toBe(begun?.id);
  expect(toldObject().sending).toEqual({});
});

function toldObject(): Told {
  const bytes = world.cloud.s3.bytesOf(world.names.bucket, 'told/told.json') ?? '';
  return JSON.parse(Buffer.from(bytes).toString());
}
