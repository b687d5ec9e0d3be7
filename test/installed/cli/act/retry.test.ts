import { afterAll, beforeAll, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { earlierClock, hasScript, onTerminal, runBeside } from '#test/support/run-beside.ts';
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

const inService = () => {
  const { desired, versions } = world.record('shop');
  return versions.find(({ id }) => id === desired)?.serial ?? '';
};
const served = async () => [...(await world.served('shop'))];

test('a rollback is followed until the version before is served, and bar keeps the newer one away', async () => {
  const newer = inService();
  const { code, stderr, stdout } = await runBeside(world, [
    ...['rollback', 'shop', '--for', '30d', '--reason', 'clients refuse it'],
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const older = inService();
  expect(older).not.toBe(newer);
  expect(await served()).toEqual([older]);
  const text = stdout.replace(/\n +/g, ' ');
  expect(text).toMatch(new RegExp(`^shop: choose: the certificate ${older} `));
  expect(text).toMatch(/ {2}check {3}shop {2}[0-9A-F]+ goes back into service until \d{4}-/);
  expect(text).toMatch(/ {2}store {3}shop {2}[0-9A-F]+, until [\d-]+, is in service again\n/);
  expect(text).toMatch(/ {2}verify {2}shop {2}web:\d+ \(us-east-1\) serves it\n/);
  expect(text).not.toContain('has issued it');
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);

  const bar = ['bar', 'shop', '--version', newer, '--reason', 'its chain is broken'];
  expect(await runBeside(world, bar)).toMatchObject({
    ...{ code: 0, stderr: '' },
    stdout: expect.stringMatching(
      /^That version stays out of service until you unbar it\.\nshop: /,
    ),
  });
  const unbarred = await runBeside(world, ['unbar', 'shop', '--reason', 'the chain is mended']);
  expect(unbarred).toMatchObject({
    ...{ code: 0, stderr: '' },
    stdout: expect.stringMatching(/^That version may be served again\.\nshop: /),
  });
  expect(world.record('shop').barred).toEqual([]);
});

test.skipIf(!hasScript)(
  'a revocation says what will happen, asks, and is followed until the CA has revoked',
  async () => {
    const leaked = inService();
    const shown = world.record('shop').desired;
    const revoke = ['revoke', 'shop', '--reason', 'the key leaked'];
    const code = ['Code: ', 'keyCompromise'] as const;
    const refused = await runBeside(world, revoke, onTerminal([code, ['Go on? [y/N] ', 'n']]));
    expect(refused.code).toBe(2);
    expect(world.record('shop').revoking).toBeNull();
    expect(world.cloud.ca.revoked()).toEqual([]);

    const person = onTerminal([code, ['Go on? [y/N] ', 'y']]);
    const done = await runBeside(world, revoke, {
      ...person,
      onStart(child) {
        person.onStart?.(child);
        child.stdout?.on('data', (text) => {
          // The CA is asked by the next check.
          if (String(text).includes('waits for the next check')) void world.check();
        });
      },
    });
    expect(done.code).toBe(0);
    expect(world.cloud.ca.revoked()).toEqual([leaked]);
    expect(await served()).toEqual([inService()]);
    expect(inService()).not.toBe(leaked);
    const text = done.stdout.replaceAll('\r', '');
    // Whatever is in service once the person agrees.
    const asked = world.cloud.faults.calls.filter(({ operation }) => operation === 'Invoke');
    const payloads = asked.map(({ input }) => String((input as { Payload?: unknown }).Payload));
    expect(payloads.filter((each) => each.includes('keyCompromise'))).toSatisfy(
      (all: string[]) => all.length > 1 && all.every((each) => each.includes(`"${shown}"`)),
    );
    expect(text).toContain('This cannot be undone. certkeep will, in this order:\n  1. ');
    expect(text).toContain(`revoke ${leaked}`);
    expect(text).toMatch(new RegExp(` {2}issue {3}shop {2}local has revoked ${leaked}\\n`));
    expect(text).toContain(`shop: its CA has revoked ${leaked}`);
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  },
);
