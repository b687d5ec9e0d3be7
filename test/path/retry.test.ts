import { afterEach, expect, test } from 'vitest';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const onAlb = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);
const retry = { certificates: ['shop'], retry: true, reason: 'the quota was raised' };

function state(): string | undefined {
  return Object.values(world.record('shop').deployments)[0]?.state;
}

test('a deploy that waits for its back-off is tried at once when a person has mended the cause', async () => {
  world = await startWorld(onAlb);
  world.cloud.faults.add({
    // Those of the proof of rights are others'.
    when: ({ operation, input }) =>
      operation === 'ImportCertificate' && JSON.stringify(input).includes('certkeep:certificate'),
    fault: { do: 'refuse', code: 'LimitExceededException' },
    times: 3,
  });
  await world.live(2 * 3_600_000);
  expect(state()).toBe('failed');
  await world.check();
  expect(state()).toBe('failed');
  await world.check(retry);
  expect(state()).toBe('proven');
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
  expect(world.record('shop').history.map(({ why }) => why)).toContain(retry.reason);
});

test('an endpoint that is proven is asked again at once, and nothing is issued', async () => {
  world = await startWorld(onAlb);
  await world.check();
  const asked = () => world.logs.filter(({ message }) => message === 'endpoint asked').length;
  const before = asked();
  world.clock.advance(60_000);
  await world.check();
  expect(asked()).toBe(before);
  await world.check(retry);
  expect(asked()).toBeGreaterThan(before);
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
});

test('an order that waits after a failure is tried at once', async () => {
  world = await startWorld(onAlb);
  world.cloud.faults.add({
    when: ({ service, operation }) => service === 'acme' && operation === 'newOrder',
    fault: { do: 'refuse', code: 'urn:ietf:params:acme:error:caa', status: 403 },
    times: 3,
  });
  await world.live(2 * 3_600_000);
  expect(world.record('shop').acquireFailure?.count).toBe(3);
  await world.check(retry);
  expect(world.record('shop').desired).not.toBeNull();
});
