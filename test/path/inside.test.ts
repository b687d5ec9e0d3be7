import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { ledgerBucket } from '#test/support/world-objects.ts';

let world: World;
afterEach(() => world?.close());

const elsewhere = { region: 'eu-central-1', account: '222222222222' };
const near = listenerArn('private-shop');
const far = listenerArn('private-far', '1', elsewhere);
const network = '{probe: {subnets: [subnet-0a1b2c3d4e5f60718], securityGroups: [sg-0a1b2c3d]}}';

const withoutProbe = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${near}"}]}\n`,
);
const withProbe = `${withoutProbe}places: {"123456789012/us-east-1": ${network}}\n`;

const inTwoAccounts = `${configText(`
  shop:
    names: [example.com]
    issuer: local
    targets: [{type: alb, listener: "${near}"}, {type: alb, listener: "${far}"}]
`)}places: {"123456789012/us-east-1": ${network}, "222222222222/eu-central-1": ${network}}
`;

function deployments() {
  return Object.values(world.record('shop').deployments);
}

function states(): readonly string[] {
  return deployments().map(({ state }) => state);
}

function newest(): string | undefined {
  return world.record('shop').versions.at(-1)?.serial;
}

function toldOf(word: string): number {
  return world.told().filter((subject) => subject.includes(word)).length;
}

function asked(): number {
  return world.cloud.faults.calls.filter(({ operation, input }) => {
    const { FunctionName = '' } = (input ?? {}) as { FunctionName?: string };
    return operation === 'Invoke' && FunctionName === 'certkeep-inside';
  }).length;
}

/** From now on Lambda answers so, until the returned function is called. */
function refuseInside(code: string, status: number): () => void {
  let isRefused = true;
  world.cloud.faults.add({
    when: ({ operation, input }) =>
      isRefused &&
      operation === 'Invoke' &&
      (input as { FunctionName?: string } | null)?.FunctionName === 'certkeep-inside',
    fault: { do: 'refuse', code, status },
    times: Number.POSITIVE_INFINITY,
  });
  return () => {
    isRefused = false;
  };
}

test('without a probe an internal load balancer is unknown, which people see and are not told again and again', async () => {
  world = await startWorld(withoutProbe);
  await world.check();
  await world.live(26 * hourMs);
  expect(deployments()).toMatchObject([{ state: 'unknown', endpoint: { isInternal: true } }]);
  expect(toldOf('Unknown')).toBe(0);
  const { causes, texts } = JSON.parse(ledgerBucket(world).text('status/status.json'));
  expect(causes).toMatchObject([{ reason: 'EndpointUnknown', severity: 'none' }]);
  expect(texts).toEqual([expect.stringContaining('is internal, and its place has no "probe:"')]);
  expect(world.events().filter(({ type }) => type === 'rolled-back')).toEqual([]);
  expect(asked()).toBe(0);
}, 180_000);

test('with a probe it is proven from inside, and what was unknown is over', async () => {
  world = await startWorld(withoutProbe);
  await world.check();
  await world.live(hourMs);
  await world.reconfigure((text) => `${text}places: {"000000000000/us-east-1": ${network}}\n`);
  await world.live(12 * hourMs);
  expect(states()).toEqual(['proven']);
  expect(deployments()[0]?.probe?.detail).toContain('asked from inside its network');
}, 180_000);

test('a certificate is renewed and proven from inside, at home and in another account', async () => {
  world = await startWorld(inTwoAccounts);
  await world.check();
  await world.live(hourMs);
  expect(states()).toEqual(['proven', 'proven']);
  const first = newest();
  world.clock.advance(61 * dayMs);
  await world.check();
  await world.live(2 * hourMs);
  expect(newest()).not.toBe(first);
  expect(states()).toEqual(['proven', 'proven']);
  expect(await world.served('shop')).toEqual(new Set([newest()]));
  expect(toldOf('Unknown')).toBe(0);
}, 180_000);

test('what the endpoint contradicts from inside is put back, and deployed again', async () => {
  world = await startWorld(withProbe);
  await world.check();
  await world.live(hourMs);
  const [first] = world.record('shop').versions;
  world.clock.advance(61 * dayMs);
  world.cloud.balancers.stick('private-shop');
  await world.check();
  await world.live(20 * minuteMs);
  expect(states()).toEqual(['rolled-back']);
  expect(Object.values(world.record('shop').imports)[0]?.versionId).toBe(first?.id);
  world.cloud.balancers.unstick('private-shop');
  await world.liveUntil(() => states()[0] === 'proven', 2 * dayMs);
  expect(await world.served('shop')).toEqual(new Set([newest()]));
}, 180_000);

test.each([
  ['has no execution left for it', 'TooManyRequestsException', 429],
  ['still makes its network interfaces', 'ResourceConflictException', 409],
  ['does not let it be invoked', 'AccessDeniedException', 403],
  ['fails', 'ServiceException', 500],
])(
  'where Lambda %s, the endpoint is unknown by that name, and nothing is put back',
  async (...of) => {
    const [, code, status] = of;
    world = await startWorld(withProbe);
    await world.check();
    await world.live(hourMs);
    const mend = refuseInside(code, status);
    world.cloud.balancers.stick('private-shop');
    world.clock.advance(61 * dayMs);
    await world.check();
    await world.live(2 * hourMs);
    expect(states()).toEqual(['unknown']);
    expect(deployments()[0]?.failure).toMatchObject({ error: 'InsideProbeFailed' });
    expect(deployments()[0]?.probe?.detail).toContain(code);
    expect(world.events().filter(({ type }) => type === 'rolled-back')).toEqual([]);
    world.cloud.balancers.unstick('private-shop');
    mend();
    await world.liveUntil(() => states()[0] === 'proven', 2 * dayMs);
  },
  60_000,
);
