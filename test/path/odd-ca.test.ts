import type { Misbehaviour } from 'local-cloud/ca/misbehaviour.ts';
import { afterEach, expect, test } from 'vitest';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const oneName = configText('  shop: {names: [example.com], issuer: local}\n');

async function start(rule?: Misbehaviour): Promise<void> {
  world = await startWorld(oneName);
  if (rule) world.cloud.ca.misbehaviour.add(rule);
}

function record(): CertificateRecord {
  return world.record('shop');
}

function asked(operation: string): number {
  return world.cloud.faults.calls.filter((call) => call.operation === operation).length;
}

test('a redirect to another host is not followed', async () => {
  await start({
    when: ({ operation }) => operation === 'newOrder',
    reply: () => ({ status: 307, headers: { location: 'https://127.0.0.1:1/' }, body: {} }),
  });
  await world.check();
  expect(record().acquireFailure).toMatchObject({
    error: 'IssuerAnswerInvalid',
    message: expect.stringContaining('redirects'),
  });
});

test('an authorization that is over ends the order, with what the CA says of it', async () => {
  await start({
    when: ({ operation }) => operation === 'authz',
    times: 1,
    reply: async (usual) => {
      const reply = await usual();
      return { ...reply, body: { ...(reply.body as object), status: 'deactivated' } };
    },
  });
  await world.check();
  expect(record().acquireFailure).toMatchObject({
    error: 'OrderInvalid',
    message: expect.stringContaining('the authorization of example.com is deactivated'),
  });
  await world.live(hourMs);
  expect(record().versions).toHaveLength(1);
});

function authorizing(value: string): Misbehaviour {
  return {
    when: ({ operation }) => operation === 'authz',
    reply: async (usual) => {
      const reply = await usual();
      const identifier = { type: 'dns', value };
      return { ...reply, body: { ...(reply.body as object), identifier } };
    },
  };
}

test('a CA may ask for a proof of the parent of the ordered name', async () => {
  world = await startWorld(configText('  shop: {names: [www.example.com], issuer: local}\n'));
  world.cloud.ca.misbehaviour.add(authorizing('example.com'));
  const published = JSON.stringify('_acme-challenge.example.com');
  await world.check();
  const changes = world.cloud.faults.calls.filter(
    ({ operation }) => operation === 'ChangeResourceRecordSets',
  );
  expect(JSON.stringify(changes.map(({ input }) => input))).toContain(published.slice(0, -1));
});

test('a CA has certkeep prove control of nothing that was not ordered', async () => {
  await start(authorizing('admin.example.com'));
  await world.check();
  expect(record().acquireFailure).toMatchObject({
    error: 'IssuerAnswerInvalid',
    message: expect.stringContaining('an authorization of admin.example.com'),
  });
  expect(asked('ChangeResourceRecordSets') + asked('challenge')).toBe(0);
});

test('names that a CA has approved beforehand need neither challenge nor solver', async () => {
  await start();
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'newOrder',
    reply: async (usual) => {
      const reply = await usual();
      approve(String(reply.headers?.location));
      return { ...reply, body: { ...(reply.body as object), status: 'ready', authorizations: [] } };
    },
  });
  await world.check();
  expect(record().versions).toHaveLength(1);
  expect(asked('authz') + asked('challenge') + asked('ChangeResourceRecordSets')).toBe(0);
});

/** As ACM's endpoints do for a domain that was validated there. */
function approve(orderUrl: string): void {
  const order = world.cloud.ca.orderAt(orderUrl);
  for (const authorization of order.authorizations) authorization.decision = 'valid';
}
