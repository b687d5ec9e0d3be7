import type { OutsideCall } from 'local-cloud/faults.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hidden } from '#shared/text/plain-text.ts';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import {
  earlierClock,
  hasScript,
  keys,
  onTerminal,
  runCertkeep,
} from '#test/support/run-certkeep.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
beforeAll(async () => {
  const source = configText(`
  shop:
    names: [shop.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('web')}"}]
  blog:
    names: [blog.example.com]
    issuer: rare
`).replace(
    'solvers:',
    '  rare: {type: acme, directory: "https://rare.example/directory", termsOfServiceAgreed: true, limits: {certificatesPerNames: 2 per 6d}}\nsolvers:',
  );
  world = await startWorld(source, { clock: earlierClock() });
  await world.live(hourMs);
});
beforeEach(() => world.cloud.faults.clear());
afterAll(() => world?.close());

const esc = '\u001b';
const reason = ['--reason', 'the key may have leaked'];
const operatorArn = 'arn:aws:iam::000000000000:user/AKIALOCALOPERATOR';

const isWish = ({ caller, operation }: OutsideCall) => caller === null && operation === 'Invoke';
const invocations = () => world.cloud.faults.calls.filter(isWish).length;
const hasAnother = (id: string, before: string | null) => {
  const { desired } = world.record(id);
  return desired !== null && desired !== before;
};
const wishesOf = (id: string) =>
  world
    .record(id)
    .history.flatMap(({ what }) => (/^(force|override) by run /.test(what) ? what : []));

test('in a pipe it says what it takes, and each stage once, until the certificate is served', async () => {
  const before = world.record('shop').desired;
  const result = await runCertkeep(world, ['renew', 'shop', ...reason, '--yes']);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  const lines = result.stdout.trimEnd().split('\n');
  const serial = world.record('shop').versions.at(-1)?.serial;
  const time = String.raw`\d\d:\d\d:\d\d`;
  const expected = [
    /^shop takes nothing of a limit that certkeep knows\.$/,
    /^shop: issue: forced: "the key may have leaked"$/,
    new RegExp(`^${time} {2}issue {3}shop {2}local has issued it$`),
    new RegExp(`^${time} {2}store {3}shop {2}${serial}, until 20`),
    new RegExp(`^${time} {2}import {2}shop {2}in us-east-1$`),
    new RegExp(`^${time} {2}rebind {2}shop {2}web:\\d+ \\(us-east-1\\)$`),
    new RegExp(`^${time} {2}verify {2}shop {2}web:\\d+ \\(us-east-1\\) serves it$`),
    /^shop: served at its target; valid until 20/,
  ];
  // A look may see the attempt, and may be too late for it.
  const told = lines.filter((line) => !/issue {3}shop {2}forced/.test(line));
  expect(told).toHaveLength(expected.length);
  for (const [index, line] of told.entries()) expect(line).toMatch(expected[index] ?? /^$/);
  expect(lines.filter((line) => line.length > 80 || hidden.test(line))).toEqual([]);
  expect(hasAnother('shop', before)).toBe(true);
  expect(wishesOf('shop').at(-1)).toMatch(
    new RegExp(`^force by run \\S+, as claimed by ${operatorArn}$`),
  );
});

test.skipIf(!hasScript)('on a terminal it asks why, and whether to go on', async () => {
  const before = world.record('shop').desired;
  const { code, stdout } = await runCertkeep(
    world,
    ['renew', 'shop'],
    onTerminal([
      ['Why? (one line, for those who read its history) ', 'an audit wants it'],
      ['Go on? [y/N] ', 'y'],
    ]),
  );
  expect(code).toBe(0);
  expect(stdout).toContain('shop takes nothing of a limit that certkeep knows.');
  expect(stdout).toContain('shop: issue: forced: "an audit wants it"');
  // The line that moves gives way to the next one.
  const [last = '', ...earlier] = stdout.replaceAll('\r', '').trimEnd().split('\n').toReversed();
  expect(last.replaceAll(esc, 'ESC')).toMatch(
    /^(ESC\[1AESC\[2K)?ESC\[32mshop: served at its target; valid until [\d-]+ESC\[39m$/,
  );
  expect(earlier.filter((line) => / s: shop waits for /.test(line))).not.toEqual([]);
  expect(hasAnother('shop', before)).toBe(true);
});

test.skipIf(!hasScript)('whoever says no, or goes away, has done nothing', async () => {
  const before = wishesOf('shop');
  for (const answer of ['n', '', ...keys]) {
    const { code, stdout } = await runCertkeep(
      world,
      ['renew', 'shop', ...reason],
      onTerminal([['Go on? [y/N] ', answer]]),
    );
    expect({ answer, code }).toEqual({ answer, code: 2 });
    expect(stdout).toContain("Next: npx certkeep renew shop --reason 'the key may have leaked'");
  }
  expect(wishesOf('shop')).toEqual(before);
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
  const before = wishesOf('shop');
  expect(await runCertkeep(world, args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `certkeep: ${message}\nNext: ${next}\n`,
  });
  expect(wishesOf('shop')).toEqual(before);
});

test('what would use up a limit is refused, and --override goes on', async () => {
  const args = ['renew', 'blog', '--reason', 'leaked', '--yes'];
  const refused = await runCertkeep(world, args);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/^certkeep: Nothing was done: blog: it takes the last of /);
  expect(refused.stderr.trimEnd().split('\n').at(-1)).toBe(
    'Next: npx certkeep renew --override blog --reason leaked',
  );
  const overridden = await runCertkeep(world, [...args, '--override']);
  expect(overridden).toMatchObject({ code: 0, stderr: '' });
  expect(overridden.stdout).toMatch(/\n {2}1 of 2 certificates for exactly these names \(0 left, /);
  expect(overridden.stdout).toMatch(/\nblog: stored, and it has no targets; valid until /);
  expect(wishesOf('blog').at(-1)).toMatch(/^override by run /);
});

test('--no-wait returns as soon as it is asked for', async () => {
  const { code, stdout } = await runCertkeep(world, [
    'renew',
    'shop',
    ...reason,
    '--yes',
    '--no-wait',
  ]);
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(
    'shop: issue: forced: "the key may have leaked"',
  );
});

test('an answer that is lost is not asked for again: it says that it may have been done', async () => {
  const [asked, before] = [invocations(), wishesOf('shop').length];
  world.cloud.faults.add({ when: isWish, fault: { do: 'lose-answer' }, times: 9 });
  const { code, stderr } = await runCertkeep(world, ['renew', 'shop', ...reason, '--yes']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^certkeep: nobody can say whether it was done: /);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe('Next: npx certkeep history shop');
  expect(invocations()).toBe(asked + 1);
  expect(wishesOf('shop')).toHaveLength(before + 1);
  world.cloud.faults.clear();
  const { stdout } = await runCertkeep(world, ['history', 'shop']);
  expect(stdout).toContain(wishesOf('shop').at(-1));
});

test.each([
  ['TooManyRequestsException', 429, 'Lambda has no room for it now', 'npx certkeep renew shop '],
  ['ServiceException', 500, 'nobody can say whether it was done', 'npx certkeep history shop'],
])('%s: it asks once, and says what that means', async (code, status, message, next) => {
  const asked = invocations();
  world.cloud.faults.add({ when: isWish, fault: { do: 'refuse', code, status }, times: 9 });
  const { code: exitCode, stderr } = await runCertkeep(world, [
    'renew',
    'shop',
    ...reason,
    '--yes',
  ]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toContain(`\nNext: ${next}`);
  expect(invocations()).toBe(asked + 1);
});

test('Ctrl-C ends the looking, and the work goes on', async () => {
  const before = world.record('shop').desired;
  const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>();
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'ImportCertificate',
    fault: { do: 'freeze', thawed: () => thawed },
  });
  const { code, stderr } = await runCertkeep(world, ['renew', 'shop', ...reason, '--yes'], {
    onStart(child) {
      child.stdout?.on('data', (text) => {
        if (String(text).includes('  store  ')) child.kill('SIGINT');
      });
      child.once('exit', () => thaw());
    },
  });
  expect(code).toBe(1);
  expect(stderr).toBe(
    'certkeep: you have stopped looking; the work on shop goes on by itself\nNext: npx certkeep show shop\n',
  );
  await world.live(hourMs);
  expect(hasAnother('shop', before)).toBe(true);
  expect(Object.values(world.record('shop').deployments)).toMatchObject([{ state: 'proven' }]);
});
