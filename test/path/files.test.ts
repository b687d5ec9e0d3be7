import { afterEach, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const newest = () => world.record('shop').versions.at(-1)?.serial;
const deployment = () => Object.values(world.record('shop').deployments)[0];
const calls = (operation: string) =>
  world.cloud.faults.calls.filter((call) => call.operation === operation && call.caller !== null);

function fleet(more = ''): string {
  return configText(
    `  shop: {names: [shop.example.com], issuer: local, targets: [{type: files, probe: shop.example.com${more}}]}\n`,
  );
}

const pushed =
  ', push: {document: certkeep-files, instances: [i-0123456789abcdef0], parameters: {directory: /etc/tls}}';

test('hosts that look by themselves are proven when they serve it, and nothing is imported', async () => {
  world = await startWorld(fleet());
  await world.check();
  await world.live(hourMs);
  expect(deployment()).toMatchObject({ state: 'proven', arn: null, probe: { serial: newest() } });
  const first = newest();
  await world.check({ certificates: ['shop'], force: true, reason: 'a test' });
  await world.live(hourMs);
  expect(newest()).not.toBe(first);
  expect(deployment()).toMatchObject({ state: 'proven', probe: { serial: newest() } });
  expect(calls('ImportCertificate')).toEqual([]);
  expect(world.record('shop').imports).toEqual({});
  expect(world.told()).toEqual([]);
});

test('hosts that are told fetch the version that the command names', async () => {
  world = await startWorld(fleet(pushed));
  await world.check();
  await world.live(hourMs);
  expect(deployment()).toMatchObject({ state: 'proven', probe: { serial: newest() } });
  expect(deployment()?.pushed).toMatchObject({ lookAt: null });
  await world.check({ certificates: ['shop'], force: true, reason: 'a test' });
  await world.live(hourMs);
  expect(deployment()).toMatchObject({ state: 'proven', probe: { serial: newest() } });
  expect(calls('SendCommand')).toHaveLength(2);
  expect(calls('ImportCertificate')).toEqual([]);
  expect(world.told()).toEqual([]);
});

test('a command whose answer was lost is not sent again', async () => {
  world = await startWorld(fleet(pushed));
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'SendCommand',
    fault: { do: 'kill-after' },
  });
  await world.check();
  await world.live(hourMs);
  expect(deployment()).toMatchObject({ state: 'proven', probe: { serial: newest() } });
  expect(calls('SendCommand')).toHaveLength(1);
});

test('an earlier version that a person wants back is sent again', async () => {
  world = await startWorld(fleet(pushed));
  await world.check();
  await world.live(hourMs);
  const [first] = world.record('shop').versions;
  await world.check({ certificates: ['shop'], force: true, reason: 'a test' });
  await world.live(hourMs);
  await world.check({ certificates: ['shop'], rollback: true, reason: 'clients refuse it' });
  await world.live(hourMs);
  expect(deployment()).toMatchObject({ state: 'proven', versionId: first?.id });
  expect(deployment()?.probe?.serial).toBe(first?.serial);
});

test('a host that does not carry the command out is named, with the next command', async () => {
  world = await startWorld(fleet(pushed));
  const { account, region } = world.landscape.config.home;
  world.cloud.ssm.addHost({
    ...{ account, region, id: 'i-0123456789abcdef0', tags: {} },
    isOnline: () => true,
    run: () => Promise.reject(new Error('exit code 1')),
  });
  await world.check();
  await world.live(4 * hourMs);
  expect(deployment()).toMatchObject({ state: 'failed', failure: { error: 'HostCommandFailed' } });
  expect(deployment()?.failure?.message).toContain('--instance-id i-0123456789abcdef0');
  expect(world.told().join(' ')).toContain('HostCommandFailed');
});
