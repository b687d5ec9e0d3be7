import { afterEach, expect, test } from 'vitest';
import { dayMs } from '#shared/time/clock.ts';
import { entranceFor } from '#test/support/entrance-for.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const shop = configText('  shop: {names: [example.com], issuer: local}\n').replace(
  'termsOfServiceAgreed: true}',
  'termsOfServiceAgreed: true, limits: {certificatesPerNames: 3 per 6d, orders: 20 per 2h}}',
);
const force = { certificates: ['shop'], force: true, reason: 'the key may have leaked' };

/** What a person gets who invokes the function. */
async function asked(event: object): Promise<unknown> {
  const result = await world.dispatcher.invoke(entranceFor(event), event);
  await world.settle();
  return result.ok ? result.payload : result.error;
}

test('a force says what it costs, is refused before it locks anybody out, and goes on if told to', async () => {
  world = await startWorld(shop);
  await world.check();
  const before = world.record('shop');
  const takes = [
    expect.stringMatching(/^1 of 20 orders \(1\d left/),
    '1 of 3 certificates for exactly these names (1 left, one more every 2 days)',
  ];
  expect(await asked({ ...force, estimate: true })).toEqual([
    { certificate: 'shop', action: 'none', reason: 'only an estimate: nothing was done', takes },
  ]);
  expect(world.record('shop')).toEqual(before);
  expect(await asked(force)).toMatchObject([{ action: 'issue', takes }]);
  expect(world.record('shop').versions).toHaveLength(2);
  const refusal = {
    refused: expect.stringContaining('it takes the last of 3 certificates'),
    example: { certificates: ['shop'], reason: force.reason },
    command: expect.stringContaining('--function-name certkeep-check:override'),
  };
  expect(await asked({ ...force, estimate: true })).toEqual(refusal);
  expect(await asked(force)).toEqual(refusal);
  expect(world.record('shop')).toMatchObject({ forced: null });
  await asked({ ...force, override: true });
  expect(world.record('shop').versions).toHaveLength(3);
  expect(await asked({ ...force, override: true })).toMatchObject({
    refused: expect.stringContaining('a limit may be overridden once a day'),
    command: expect.stringContaining('--function-name certkeep-check:force'),
  });
  expect(world.record('shop').versions).toHaveLength(3);
  world.clock.advance(dayMs);
  await asked({ ...force, override: true });
  expect(world.record('shop').versions).toHaveLength(4);
});

test('a revocation says what its new certificate costs, and is not held up by that', async () => {
  world = await startWorld(shop);
  await world.check();
  await asked(force);
  const before = world.record('shop');
  const revoke = {
    ...{ certificates: ['shop'], revoke: true, code: 'keyCompromise', reason: force.reason },
  };
  const takes = [
    expect.stringMatching(/^1 of 20 orders \(1\d left/),
    expect.stringMatching(/^1 of 3 certificates for exactly these names \(0 left, /),
  ];
  const estimate = { action: 'none', reason: 'only an estimate: nothing was done' };
  expect(await asked({ ...revoke, estimate: true })).toMatchObject([{ ...estimate, takes }]);
  const [first] = before.versions;
  expect(await asked({ ...revoke, version: first?.id, estimate: true })).toEqual([
    { certificate: 'shop', ...estimate },
  ]);
  expect(world.record('shop')).toEqual(before);
  expect(await asked(revoke)).toMatchObject([{ action: 'issue' }]);
  expect(world.record('shop').versions).toHaveLength(3);
});

test('the orders of the days to come can be seen beforehand', async () => {
  world = await startWorld(shop);
  await world.check();
  expect(await asked({ plan: 30 })).toEqual([]);
  const [line] = (await asked({ plan: 90 })) as [Record<string, unknown>];
  expect(line).toMatchObject({ certificate: 'shop', issuer: 'local', isLate: false });
  expect(line.takes).toEqual([
    '20 orders in 2 hours',
    '3 certificates for exactly these names in 6 days',
  ]);
  expect(line.endsAt).toBe(world.record('shop').versions[0]?.notAfter);
  const days = (Date.parse(String(line.planned)) - world.clock.now().getTime()) / dayMs;
  expect(days).toBeGreaterThan(55);
  expect(days).toBeLessThan(65);
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
});
