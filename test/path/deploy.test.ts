import { afterEach, expect, test } from 'vitest';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const day = 86_400_000;
const onAlb = configText(`
  shop:
    names: [example.com, www.example.com]
    issuer: local
    targets:
      - {type: alb, listener: "${listenerArn('shop')}"}
      - {type: alb, listener: "${listenerArn('other')}", certificate: sni}
`);

const elbChanges = ['ModifyListener', 'AddListenerCertificates', 'RemoveListenerCertificates'];

function elbChangesByDeploy(): number {
  return world.cloud.faults.calls.filter(
    ({ caller, operation }) => caller === 'deploy' && elbChanges.includes(operation),
  ).length;
}

function happened(): readonly string[] {
  return world.events().map(({ summary }) => summary);
}

function orders(): number {
  return world.cloud.ca.ledger().orders.length;
}

function states(): readonly string[] {
  return Object.values(world.record('shop').deployments).map(({ state }) => state);
}

function importedArn(): string | null | undefined {
  return Object.values(world.record('shop').imports)[0]?.arn;
}

test('a new certificate is imported, bound as default and by SNI, and proven', async () => {
  world = await startWorld(onAlb);
  await world.check();
  expect(states()).toEqual(['proven', 'proven']);
  expect(world.cloud.acm.certificates().filter(({ arn }) => arn === importedArn())).toHaveLength(1);
  expect(happened()).toContain(
    `shop is served by shop:${portOf('shop')} (us-east-1, 000000000000), other:${portOf('other')} (us-east-1, 000000000000)`,
  );
});

function portOf(name: string): number {
  const probes = Object.values(world.record('shop').deployments).map(({ probe }) => probe);
  const found = probes.find((probe) => probe?.host.startsWith(`${name}-`));
  return found?.port ?? 0;
}

test('adding and removing a name re-issues onto the same ARN, and the listener never changes', async () => {
  world = await startWorld(onAlb);
  await world.check();
  const arn = importedArn();
  const changes = elbChangesByDeploy();
  await world.reconfigure((text) =>
    text.replace('www.example.com', 'www.example.com\n      - api.example.com'),
  );
  await world.check();
  expect(world.record('shop').versions.at(-1)?.names.toSorted()).toEqual([
    'api.example.com',
    'example.com',
    'www.example.com',
  ]);
  await world.reconfigure((text) => text.replace('\n      - www.example.com', ''));
  await world.check();
  expect(world.record('shop').versions.at(-1)?.names.toSorted()).toEqual([
    'api.example.com',
    'example.com',
  ]);
  expect(states()).toEqual(['proven', 'proven']);
  expect(importedArn()).toBe(arn);
  expect(elbChangesByDeploy()).toBe(changes);
});

test('a certificate that ACM refuses leaves the old one serving and is deployed again, not issued again', async () => {
  world = await startWorld(onAlb);
  await world.check();
  const old = world.record('shop').versions.at(-1)?.serial;
  world.clock.advance(61 * day);
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'ImportCertificate',
    fault: { do: 'refuse', code: 'ValidationException' },
    times: 2,
  });
  await world.check();
  expect(states()).toEqual(['failed', 'failed']);
  expect(await world.served('shop')).toEqual(new Set([old]));
  expect(happened()).toContainEqual(expect.stringContaining('could not be deployed'));
  await world.live(3 * 3_600_000);
  expect(states()).toEqual(['proven', 'proven']);
  expect(await world.served('shop')).toEqual(
    new Set([world.record('shop').versions.at(-1)?.serial]),
  );
  expect(orders()).toBe(2);
});

test('an endpoint that cannot be asked is unknown, people hear of it once until it can, and nothing is rolled back', async () => {
  world = await startWorld(onAlb);
  await world.check();
  world.clock.advance(61 * day);
  await world.cloud.balancers.isolate('shop');
  await world.check();
  await world.live(2 * 3_600_000);
  expect(states().toSorted()).toEqual(['proven', 'unknown']);
  // The proof of the old version was due as well.
  expect(happened().filter((each) => each.includes('nobody could check'))).toHaveLength(2);
  expect(happened()).not.toContainEqual(expect.stringContaining('put back'));
  expect(world.told().filter((subject) => subject.includes('nobody knows'))).toEqual([
    expect.stringMatching(/^certkeep warning: shop served by shop:.*: EndpointUnknown$/),
  ]);
  const desired = world.record('shop').desired;
  expect(Object.values(world.record('shop').imports)[0]?.versionId).toBe(desired);
  await world.cloud.balancers.reconnect('shop');
  await world.liveUntil(() => states().every((state) => state === 'proven'), day);
  expect(states()).toEqual(['proven', 'proven']);
  expect(world.told().at(-1)).toBe('certkeep well again: shop');
});
