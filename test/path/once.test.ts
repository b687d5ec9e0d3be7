import { afterEach, expect, test } from 'vitest';
import { txtAt } from '#test/support/dns.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const oneName = configText('  shop: {names: [example.com], issuer: local}\n');

function finalized(): number {
  return world.cloud.ca.ledger().orders.filter(({ finalizedTimes }) => finalizedTimes > 0).length;
}

test('two check runs at once give one finalized order', async () => {
  world = await startWorld(oneName);
  await Promise.all([world.startCheck(), world.startCheck()]);
  await world.settle();
  expect(finalized()).toBe(1);
  expect(world.record('shop').versions).toHaveLength(1);
});

test('the same message delivered twice gives one finalized order', async () => {
  world = await startWorld(oneName);
  const message = { Records: [{ body: JSON.stringify({ certificate: 'shop' }) }] };
  await Promise.all([
    world.dispatcher.invoke('issue', message),
    world.dispatcher.invoke('issue', message),
  ]);
  await world.settle();
  await world.dispatcher.invoke('issue', message);
  expect(finalized()).toBe(1);
  expect(world.record('shop').versions).toHaveLength(1);
});

test('two certificates that share a challenge name at the same time both succeed', async () => {
  world = await startWorld(
    configText(
      '  apex: {names: [example.com], issuer: local}\n  wildcard: {names: ["*.example.com"], issuer: local}\n',
    ),
  );
  await world.check();
  expect(world.record('apex').desired).not.toBeNull();
  expect(world.record('wildcard').desired).not.toBeNull();
  expect(finalized()).toBe(2);
  expect(txtAt(world, '_acme-challenge.example.com')).toEqual([]);
});

test.each([
  ['the first write of the record', 0],
  ['the write of the order URL', 2],
  ['the write that makes the version desired', 6],
])('a conditional write whose answer is lost is no defeat: %s', async (_, skip) => {
  world = await startWorld(oneName);
  const isRecord = (input: unknown) =>
    String((input as { Key?: string }).Key).startsWith('records/');
  world.cloud.faults.add({
    when: ({ caller, operation, input }) =>
      caller === 'issue' && operation === 'PutObject' && isRecord(input),
    fault: { do: 'lose-answer' },
    skip,
  });
  await world.check();
  expect(finalized()).toBe(1);
  expect(world.record('shop').versions).toHaveLength(1);
  expect(world.logs.filter(({ level }) => level !== 'info')).toEqual([]);
});
