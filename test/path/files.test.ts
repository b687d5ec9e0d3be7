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

test('a host that did not carry it out is sent another command, and is proven when it has', async () => {
  world = await startWorld(fleet(pushed));
  let isBroken = true;
  world.cloud.faults.add({
    when: ({ caller, operation }) => isBroken && caller === null && operation === 'GetSecretValue',
    fault: { do: 'refuse', code: 'InternalServiceError', status: 500 },
    times: Number.POSITIVE_INFINITY,
  });
  await world.check();
  await world.live(hourMs);
  expect(deployment()).toMatchObject({ state: 'failed', failure: { error: 'HostCommandFailed' } });
  isBroken = false;
  await world.live(12 * hourMs);
  expect(deployment()).toMatchObject({ state: 'proven', probe: { serial: newest() } });
  const comments = calls('SendCommand').map(({ input }) => (input as { Comment: string }).Comment);
  expect(new Set(comments).size).toBe(comments.length);
  expect(world.told().at(-1)).toContain('well again');
});

test.each([
  ['is lost', { do: 'lose-answer' } as const, 1],
  ['is that there are too many', { do: 'throttle' } as const, 2],
  [
    'is a failure of the service',
    { do: 'refuse', code: 'InternalServerError', status: 500 } as const,
    2,
  ],
])('where the answer to a command %s, the hosts get it once', async (_, fault, times) => {
  world = await startWorld(fleet(pushed));
  world.cloud.faults.add({ when: ({ operation }) => operation === 'SendCommand', fault });
  await world.check();
  await world.live(6 * hourMs);
  expect(deployment()).toMatchObject({ state: 'proven', probe: { serial: newest() } });
  expect(calls('SendCommand')).toHaveLength(times);
});

test('while nobody can say what became of a command, the hosts are asked by handshake', async () => {
  world = await startWorld(fleet(pushed));
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'ListCommands',
    fault: { do: 'refuse', code: 'InternalServerError', status: 500 },
    times: 8,
  });
  await world.check();
  await world.live(hourMs);
  expect(deployment()).toMatchObject({ state: 'proven', pushed: { lookAt: null } });
  expect(calls('SendCommand')).toHaveLength(1);
  expect(world.told()).toEqual([]);
});

test('people hear of a host that stays behind after a day, and nothing is put back', async () => {
  world = await startWorld(fleet());
  await world.check();
  await world.live(hourMs);
  const first = newest();
  let isBroken = true;
  world.cloud.faults.add({
    when: ({ caller, operation }) => isBroken && caller === null && operation === 'GetSecretValue',
    fault: { do: 'refuse', code: 'InternalServiceError', status: 500 },
    times: Number.POSITIVE_INFINITY,
  });
  await world.check({ certificates: ['shop'], force: true, reason: 'a test' });
  await world.live(20 * hourMs);
  expect(world.told()).toEqual([]);
  expect(deployment()).toMatchObject({ state: 'awaiting-proof', probe: { serial: first } });
  await world.live(8 * hourMs);
  expect(deployment()).toMatchObject({ state: 'unknown', probe: { serial: first } });
  expect(world.told().join(' ')).toContain('HostsBehind');
  isBroken = false;
  // The waits between looks have grown to a day, and a little more.
  await world.live(32 * hourMs);
  expect(deployment()).toMatchObject({ state: 'proven', probe: { serial: newest() } });
  expect(world.told().at(-1)).toContain('well again');
  expect(world.events().filter(({ type }) => type === 'rolled-back')).toEqual([]);
}, 120_000);

test('hosts without a public name are asked from inside of their network', async () => {
  const place = '222222222222/eu-central-1';
  const network = '{probe: {subnets: [subnet-0a1b2c3d], securityGroups: [sg-0a1b2c3d]}}';
  const there = ', region: eu-central-1, account: "222222222222"';
  world = await startWorld(
    `${fleet(there).replace('probe: shop', 'probe: private-shop')}places: {"${place}": ${network}}\n`,
  );
  await world.check();
  await world.live(hourMs);
  expect(deployment()).toMatchObject({ state: 'proven', probe: { serial: newest() } });
  expect(deployment()?.probe?.detail).toContain('asked from inside its network');
});
