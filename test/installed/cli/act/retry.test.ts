import { afterAll, beforeAll, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { earlierClock, runBeside } from '#test/support/run-beside.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
let isRefused = false;

beforeAll(async () => {
  const source = configText(`
  shop:
    names: [shop.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('web')}"}]
`);
  world = await startWorld(source, { clock: earlierClock() });
  world.cloud.faults.add({
    when: ({ operation }) => isRefused && operation === 'ImportCertificate',
    fault: { do: 'refuse', code: 'AccessDeniedException', status: 400 },
    times: Number.POSITIVE_INFINITY,
  });
  await world.live(hourMs);
});
afterAll(() => world?.close());

test('where nothing has failed, nothing is waited for', async () => {
  const { code, stderr, stdout } = await runBeside(world, ['retry', 'shop', '--reason', 'to see']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^shop: none: renewal is due on [\d-]+\nshop: served at its target; valid until [\d-]+\n$/,
  );
});

test('a renewal that fails at a target says so, with the reason and the next command', async () => {
  isRefused = true;
  const args = ['renew', 'shop', '--reason', 'the key may have leaked', '--yes'];
  const { code, stderr, stdout } = await runBeside(world, args);
  expect(code).toBe(1);
  expect(stdout).toMatch(/ {2}store {3}shop {2}[0-9A-F]+, until /);
  expect(stdout).toMatch(/ {2}rebind {2}shop {2}web:\d+ \(us-east-1\): ServiceDenied: /);
  expect(stdout.replace(/\s+/g, ' ')).toMatch(
    / shop: web:\d+ \(us-east-1\): ServiceDenied: .*; certkeep tries again by itself at \d{4}-/,
  );
  expect(stderr).toBe('certkeep: shop is not served\nNext: npx certkeep show shop\n');
});

test('a retry after that follows the same version until it is served', async () => {
  // The waits grow: the next try is far away.
  await world.live(hourMs);
  const failing = await runBeside(world, ['retry', 'shop', '--reason', 'not mended yet']);
  expect(failing).toMatchObject({ code: 1, stdout: expect.stringContaining('ServiceDenied') });
  isRefused = false;
  const { desired } = world.record('shop');
  const { code, stderr, stdout } = await runBeside(world, ['retry', 'shop', '--reason', 'mended']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^shop: deploy: /);
  expect(stdout).toMatch(/ {2}rebind {2}shop {2}web:\d+ \(us-east-1\)\n/);
  expect(stdout).toMatch(/ {2}verify {2}shop {2}web:\d+ \(us-east-1\) serves it\n/);
  expect(stdout).toMatch(/\nshop: served at its target; valid until [\d-]+\n$/);
  expect(world.record('shop').desired).toBe(desired);
});
