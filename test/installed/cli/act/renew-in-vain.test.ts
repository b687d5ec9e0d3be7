import type { OutsideCall } from 'local-cloud/faults.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { actingWorld, wishesOf } from '#test/support/acting-world.ts';
import { hasScript, keys, onTerminal, runBeside } from '#test/support/run-beside.ts';
import type { World } from '#test/support/world.ts';

let world: World;
beforeAll(async () => {
  world = await actingWorld();
});
beforeEach(() => world.cloud.faults.clear());
afterAll(() => world?.close());

const reason = ['--reason', 'the key may have leaked'];

const isWish = ({ caller, operation }: OutsideCall) => caller === null && operation === 'Invoke';
const invocations = () => world.cloud.faults.calls.filter(isWish).length;

test.skipIf(!hasScript)('whoever says no, or goes away, has done nothing', async () => {
  const before = wishesOf(world, 'shop');
  for (const answer of ['n', '', ...keys]) {
    const { code, stdout } = await runBeside(
      world,
      ['renew', 'shop', ...reason],
      onTerminal([['Go on? [y/N] ', answer]]),
    );
    expect({ answer, code }).toEqual({ answer, code: 2 });
    expect(stdout).toContain("Next: npx certkeep renew shop --reason 'the key may have leaked'");
  }
  expect(wishesOf(world, 'shop')).toEqual(before);
});

test.each([
  [
    'without a reason',
    ['renew', 'shop'],
    'Nothing was done: --reason is missing',
    "npx certkeep renew shop --reason 'why, in a few words'",
  ],
  [
    'without a person to ask',
    ['renew', 'shop', '--reason', 'leaked'],
    'Nothing was done: nobody can be asked whether to go on, and --yes is missing',
    'npx certkeep renew shop --reason leaked --yes',
  ],
  [
    'an unknown certificate',
    ['renew', 'shopp', '--reason', 'leaked', '--yes'],
    'Nothing was done: "shopp" is not in the configuration (did you mean "shop"?).',
    'npx certkeep renew shop --reason leaked',
  ],
  [
    'a reason that is no line',
    ['renew', 'shop', '--reason', 'x'.repeat(201), '--yes'],
    'Nothing was done: "reason" is one line of at most 200 characters.',
    "npx certkeep renew shop --reason 'why, in a few words'",
  ],
  [
    'another installation',
    ['renew', 'shop', '--reason', 'leaked', '--yes', '--no-wait', '--installation', 'other'],
    'Nothing was done: there is no other-check:force in 000000000000/us-east-1: another home, or an older release',
    'npx certkeep status --region REGION --account ACCOUNT --installation NAME',
  ],
])('%s it says so, and the next command', async (_, args, message, next) => {
  const before = wishesOf(world, 'shop');
  expect(await runBeside(world, args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `certkeep: ${message}\nNext: ${next}\n`,
  });
  expect(wishesOf(world, 'shop')).toEqual(before);
});

test('an answer that is lost is not asked for again: it says that it may have been done', async () => {
  const [asked, before] = [invocations(), wishesOf(world, 'shop').length];
  world.cloud.faults.add({ when: isWish, fault: { do: 'lose-answer' }, times: 9 });
  const { code, stderr } = await runBeside(world, ['renew', 'shop', ...reason, '--yes']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^certkeep: nobody can say whether it was done: /);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe('Next: npx certkeep history shop');
  expect(invocations()).toBe(asked + 1);
  expect(wishesOf(world, 'shop')).toHaveLength(before + 1);
  world.cloud.faults.clear();
  const { stdout } = await runBeside(world, ['history', 'shop']);
  expect(stdout).toContain(wishesOf(world, 'shop').at(-1));
});

test.each([
  ['TooManyRequestsException', 429, 'Lambda has no room for it now', 'npx certkeep renew shop '],
  ['ServiceException', 500, 'nobody can say whether it was done', 'npx certkeep history shop'],
])('%s: it asks once, and says what that means', async (code, status, message, next) => {
  const asked = invocations();
  world.cloud.faults.add({ when: isWish, fault: { do: 'refuse', code, status }, times: 9 });
  const { code: exitCode, stderr } = await runBeside(world, ['renew', 'shop', ...reason, '--yes']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toContain(`\nNext: ${next}`);
  expect(invocations()).toBe(asked + 1);
});
