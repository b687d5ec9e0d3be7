import { afterEach, expect, test } from 'vitest';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

/** A CA that is done with each validation by the time it is asked, and issues a moment after finalize. */
const ca = { validationMs: 0, authzReuse: false };

/** A look at the order that finds it still at work is repeated: how often is up to the CA. */
function acmeRequests(): readonly string[] {
  return world.cloud.faults.calls
    .filter(({ service }) => service === 'acme')
    .map(({ operation }) => operation)
    .filter((operation, index, all) => operation !== 'order' || all[index - 1] !== 'order');
}

/** What one renewal through the whole issue stage asks the CA for. */
async function requestsFor(names: string): Promise<readonly string[]> {
  world = await startWorld(configText(`  shop: {names: ${names}, issuer: local}\n`), { ca });
  await world.check();
  expect(world.cloud.ca.ledger().orders).toMatchObject([{ status: 'valid' }]);
  return acmeRequests();
}

test('one name costs seven requests beyond directory, nonce and account', async () => {
  expect(await requestsFor('[example.com]')).toEqual([
    'directory',
    'newNonce',
    'newAccount',
    'newOrder',
    'authz',
    'challenge',
    'order',
    'finalize',
    'order',
    'certificate',
  ]);
});

test('apex and wildcard cost two more for the second authorization', async () => {
  const requests = await requestsFor('[example.com, "*.example.com"]');
  expect(requests.slice(3)).toHaveLength(9);
});

test('a reused authorization costs neither challenge nor wait', async () => {
  world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'), {
    ca: { ...ca, authzReuse: true },
  });
  await world.check();
  const before = acmeRequests().length;
  await world.check({ certificates: ['shop'], force: true, reason: 'test' });
  expect(acmeRequests().slice(before)).toEqual(['newOrder', 'finalize', 'order', 'certificate']);
});
