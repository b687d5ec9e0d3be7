import { afterEach, describe, expect, test } from 'vitest';
import { hourMs, systemClock } from '#cloud/clock.ts';
import type { Fault } from '#cloud/faults.ts';
import { type AcmeWorld, acmeWorld, authorize, csrFor, order } from '#cloud/kit/acme-world.ts';
import { asRun } from '#cloud/runtime/run-header.ts';
import { acmeWire } from '../support/acme-wire.ts';

let world: AcmeWorld;
afterEach(() => world.close());

const names = { identifiers: [{ type: 'dns', value: 'example.com' }] };

async function struckBy(operation: string, fault: Fault) {
  world = await acmeWorld();
  const killed: string[] = [];
  world.faults.kill = (caller, run) => void killed.push(`${caller} ${run}`);
  const wire = acmeWire(world.ca.directoryUrl.replace('/directory', ''), world.ca.rootPem);
  await wire.register();
  world.faults.add({ when: (call) => call.operation === operation, fault });
  return { wire, killed, orders: () => world.ca.ledger().orders.length };
}

describe('a fault', () => {
  test('refuses without effect, once', async () => {
    const { wire, orders } = await struckBy('newOrder', {
      do: 'refuse',
      code: 'serverInternal',
    });
    expect(await wire.post('/acme/new-order', names)).toMatchObject({
      status: 500,
      body: { type: 'urn:ietf:params:acme:error:serverInternal' },
    });
    expect(orders()).toBe(0);
    expect((await wire.post('/acme/new-order', names)).status).toBe(201);
  });

  test('throttles with Retry-After', async () => {
    const { wire } = await struckBy('newOrder', { do: 'throttle' });
    const answer = await wire.post('/acme/new-order', names);
    expect(answer).toMatchObject({
      status: 429,
      body: { type: 'urn:ietf:params:acme:error:rateLimited' },
      headers: { 'retry-after': '2' },
    });
  });

  test.each([
    ['lose-answer', 1, []],
    ['kill-after', 1, ['issue run-1']],
    ['kill-before', 0, ['issue run-1']],
  ] as const)('%s drops the connection with %i orders made', async (kind, made, dead) => {
    const { wire, killed, orders } = await struckBy('newOrder', { do: kind });
    const answer = asRun('run-1', () => wire.post('/acme/new-order', names));
    await expect(answer).rejects.toThrow('socket hang up');
    expect(orders()).toBe(made);
    expect(killed).toEqual(dead);
  });

  test('holds an answer back', async () => {
    const { wire } = await struckBy('newOrder', { do: 'delay', ms: 60 });
    const before = performance.now();
    expect((await wire.post('/acme/new-order', names)).status).toBe(201);
    expect(performance.now() - before).toBeGreaterThan(55);
  });
});

test('every call is on record with its operation', async () => {
  world = await acmeWorld();
  const client = await world.client();
  const asked = await order(client, 'example.com');
  await authorize(world, client, asked);
  await client.finalizeOrder(asked, await csrFor('example.com'));
  await client.getCertificate(asked);
  const operations = new Set(world.faults.calls.map((call) => call.operation));
  expect([...operations].sort()).toEqual([
    'authz',
    'certificate',
    'challenge',
    'directory',
    'finalize',
    'newAccount',
    'newNonce',
    'newOrder',
    'order',
  ]);
  expect(world.faults.calls.every((call) => call.service === 'acme')).toBe(true);
});

test('a client that retries gets through a CA that rejects every third nonce', async () => {
  world = await acmeWorld({ nonceRejectPercent: 33, nonceSeed: 7 });
  const client = await world.client();
  const asked = await order(client, 'example.com', '*.example.com');
  await authorize(world, client, asked);
  await client.finalizeOrder(asked, await csrFor('example.com', '*.example.com'));
  expect(world.ca.ledger().orders).toMatchObject([{ status: 'valid', finalizedTimes: 1 }]);
});

test('a CA that is closed while it validates leaves nothing running', async () => {
  world = await acmeWorld({ clock: systemClock, validationMs: hourMs });
  const client = await world.client();
  const asked = await order(client, 'example.com');
  const [authorization] = await client.getAuthorizations(asked);
  const [challenge] = authorization?.challenges.filter(({ type }) => type === 'http-01') ?? [];
  if (!challenge) throw new Error('no http-01 challenge');
  expect((await client.completeChallenge(challenge)).status).toBe('processing');
});
