import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hidden } from '#shared/text/plain-text.ts';
import { hourMs } from '#shared/time/clock.ts';
import { actingWorld, wishesOf } from '#test/support/acting-world.ts';
import { hasScript, onTerminal, runBeside } from '#test/support/run-beside.ts';
import { refusing } from '#test/support/two-cas.ts';
import type { World } from '#test/support/world.ts';

let world: World;
beforeAll(async () => {
  world = await actingWorld();
});
beforeEach(() => world.cloud.faults.clear());
afterAll(() => world?.close());

const esc = '\u001b';
const reason = ['--reason', 'the key may have leaked'];
const operatorArn = 'arn:aws:iam::000000000000:user/AKIALOCALOPERATOR';

const hasAnother = (id: string, before: string | null) => {
  const { desired } = world.record(id);
  return desired !== null && desired !== before;
};

function withoutTime(line: string): string {
  return line.replace(/^\d\d:\d\d:\d\d {2}/, '');
}

test('in a pipe it says what it takes, and each stage once, until the certificate is served', async () => {
  const before = world.record('shop').desired;
  const result = await runBeside(world, ['renew', 'shop', ...reason, '--yes']);
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
  expect(wishesOf(world, 'shop').at(-1)).toMatch(
    new RegExp(`^force by run \\S+, as claimed by ${operatorArn}$`),
  );
});

test.skipIf(!hasScript)('on a terminal it asks why, and whether to go on', async () => {
  const before = world.record('shop').desired;
  const { code, stdout } = await runBeside(
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

test('what would use up a limit is refused, and --override goes on', async () => {
  const args = ['renew', 'blog', '--reason', 'leaked', '--yes'];
  const refused = await runBeside(world, args);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/^certkeep: Nothing was done: blog: it takes the last of /);
  expect(refused.stderr.trimEnd().split('\n').at(-1)).toBe(
    'Next: npx certkeep renew --override blog --reason leaked',
  );
  const overridden = await runBeside(world, [...args, '--override']);
  expect(overridden).toMatchObject({ code: 0, stderr: '' });
  expect(overridden.stdout).toMatch(/\n {2}1 of 2 certificates for exactly these names \(0 left, /);
  expect(overridden.stdout).toMatch(/\nblog: stored, and it has no targets; valid until /);
  expect(wishesOf(world, 'blog').at(-1)).toMatch(/^override by run /);
});

const rehearse = ['renew', '--dry-run', 'blog', '--reason', 'before the freeze'];
const staging = () => world.staging ?? expect.unreachable('blog has a staging directory');

test('--dry-run rehearses it at the staging directory, and says what was proven', async () => {
  const before = world.record('blog').desired;
  const result = await runBeside(world, rehearse);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  const { host } = new URL(staging().directoryUrl);
  expect(result.stdout.trimEnd().split('\n').map(withoutTime)).toEqual([
    'blog: rehearse: "before the freeze"',
    `issue   blog  rehearsal of one name begun at ${host}`,
    `blog: rehearsal passed at ${host}: its name was validated. Account,`,
    'profile, CAA and the proof of names work there; nothing was issued',
  ]);
  expect(staging().ledger().orders).toMatchObject([{ status: 'ready', finalizedTimes: 0 }]);
  expect(hasAnother('blog', before)).toBe(false);
  const history = await runBeside(world, ['history', 'blog']);
  expect(history.stdout).toContain(`rehearsal passed at ${host}: its name was validated: before`);
});

test('--dry-run that fails says why and what to do, and where there is no staging directory it is refused', async () => {
  staging().misbehaviour.add(refusing('newOrder', { type: 'caa', status: 403 }));
  const failed = await runBeside(world, rehearse);
  expect(failed.code).toBe(1);
  expect(failed.stdout).toMatch(/\nblog: rehearsal failed at 127\.0\.0\.1:\d+: IssuerRefused: /);
  expect(failed.stderr).toBe(
    'certkeep: blog did not pass its rehearsal\nNext: npx certkeep doctor\n',
  );
  const refused = await runBeside(world, [...rehearse, 'shop']);
  expect(refused).toEqual({
    ...{ code: 2, stdout: '' },
    stderr:
      'certkeep: Nothing was done: shop: local has no staging directory.\nNext: npx certkeep doctor\n',
  });
  const both = await runBeside(world, [...rehearse, '--override']);
  expect(both).toMatchObject({ code: 2, stdout: '' });
});

test('--no-wait returns as soon as it is asked for', async () => {
  const { code, stdout } = await runBeside(world, [
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

test('Ctrl-C ends the looking, and the work goes on', async () => {
  const before = world.record('shop').desired;
  const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>();
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'ImportCertificate',
    fault: { do: 'freeze', thawed: () => thawed },
  });
  const { code, stderr } = await runBeside(world, ['renew', 'shop', ...reason, '--yes'], {
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
