import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { txtAt } from '#test/support/dns.ts';
import { configText } from '#test/support/fleet.ts';
import { interrupted } from '#test/support/interrupted.ts';
import { finalized, happened, refusing, type TwoCas, twoCas } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
let cas: TwoCas | undefined;
afterEach(async () => {
  await (cas ? cas.close() : world.close());
  cas = undefined;
});

const oneName = configText('  shop: {names: [example.com], issuer: local}\n');

function csrs(): readonly string[] {
  return world.cloud.faults.calls
    .filter(({ operation }) => operation === 'finalize')
    .map(({ input }) => (input as { csr: string }).csr);
}

function dieWhilePublished(): void {
  world.cloud.faults.add({
    when: ({ caller, operation }) => caller === 'issue' && operation === 'ChangeResourceRecordSets',
    fault: { do: 'kill-after' },
  });
}

test('every try to finalize an order is with the same key and request', async () => {
  world = await startWorld(oneName);
  const down = refusing('finalize', { type: 'serverInternal', status: 500 });
  world.cloud.ca.misbehaviour.add({ ...down, times: 2 });
  await world.check();
  await world.live(hourMs);
  expect(csrs()).toHaveLength(3);
  expect(new Set(csrs()).size).toBe(1);
  expect(world.cloud.ca.ledger().orders).toMatchObject([{ finalizedTimes: 1 }]);
});

test('a key outlives the orders that fail before a request has left for them', async () => {
  world = await startWorld(oneName);
  const refused = refusing('newOrder', { type: 'rejectedIdentifier', status: 400 });
  world.cloud.ca.misbehaviour.add({ ...refused, times: 2 });
  await world.check();
  const { attempt } = world.record('shop');
  await world.live(hourMs);
  expect(world.record('shop').versions.map(({ id }) => id)).toEqual([attempt?.id]);
});

test('an order that expired while nobody looked is no failure, and its key goes into the next', async () => {
  world = await startWorld(oneName);
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'authz',
    fault: { do: 'kill-before' },
  });
  await world.check();
  const { attempt } = world.record('shop');
  world.clock.advance(8 * dayMs);
  await world.check();
  expect(world.record('shop').versions.map(({ id }) => id)).toEqual([attempt?.id]);
  expect(world.cloud.ca.ledger().orders.map(({ status }) => status)).toEqual(['invalid', 'valid']);
  expect(happened({ world })).toEqual(['info: shop was issued by local and stored']);
});

test.each<[string, object, number]>([
  ['expired by its own account', { status: 'expired' }, 200],
  ['expired by its date', { status: 'invalid', expires: '2026-11-22T02:00:00Z' }, 200],
  ['known no longer', {}, 404],
])('so is one whose authorization is %s', async (_, fields, status) => {
  const left = await interrupted('before it looked at an authorization');
  ({ world } = left);
  left.show('order', { status: 'invalid' }, Number.POSITIVE_INFINITY);
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'authz' && left.asked('newOrder') === 1,
    reply: async (usual) => ({ status, body: { ...((await usual()).body as object), ...fields } }),
  });
  left.decide('deactivated');
  await world.live(hourMs);
  expect(world.record('shop').versions.map(({ id }) => id)).toEqual([left.attempt.id]);
  expect(happened({ world })).toEqual(['info: shop was issued by local and stored']);
});

test('values of a run that never came back are swept when its attempt is wanted no more', async () => {
  world = await startWorld(oneName);
  dieWhilePublished();
  await world.check();
  expect(txtAt(world, '_acme-challenge.example.com')).toHaveLength(1);
  await world.reconfigure((text) => text.replace('- example.com', '- www.example.com'));
  await world.live(hourMs);
  expect(world.record('shop').versions.map(({ names }) => names)).toEqual([['www.example.com']]);
  expect(world.record('shop').txt).toEqual([]);
  expect(txtAt(world, '_acme-challenge.example.com')).toEqual([]);
});

test('a run that dies of proving a fallback leaves no value, and does not order at every check', async () => {
  cas = await twoCas('  shop: {names: [example.com], issuer: [first, second]}\n');
  ({ world } = cas);
  await world.check();
  dieWhilePublished();
  await world.check();
  const { calls } = cas.secondFaults;
  const ordered = () => calls.filter(({ operation }) => operation === 'newOrder').length;
  expect(ordered()).toBe(1);
  await world.live(hourMs / 2);
  expect(txtAt(world, '_acme-challenge.example.com')).toEqual([]);
  expect(ordered()).toBe(1);
  await world.live(hourMs);
  expect(world.record('shop').fallbacks.second).toMatchObject({ failures: 0, failure: null });
  expect(finalized(cas.second)).toBe(0);
});
