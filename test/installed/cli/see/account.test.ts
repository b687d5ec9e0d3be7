import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { personWithDocumentedRights } from '#test/support/documented-rights.ts';
import { configText } from '#test/support/fleet.ts';
import { runCertkeep } from '#test/support/run-certkeep.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { ledgerBucket } from '#test/support/world-objects.ts';

let world: World;
let person: NodeJS.ProcessEnv;
let looker: NodeJS.ProcessEnv;

beforeAll(async () => {
  const source = configText('  shop: {names: [shop.example.com], issuer: local}\n');
  world = await startWorld(source, {
    clock: virtualClock(addMs(new Date(), -hourMs)),
    mayDeny: true,
  });
  const headings = [
    'Where it looks',
    'Accounts at CAs',
    'Replace the key of an account, or end it',
  ];
  person = personWithDocumentedRights(world.cloud, 'owner', headings);
  looker = personWithDocumentedRights(world.cloud, 'looker', ['Where it looks']);
  for (const _ of [1, 2]) await world.check();
});
afterAll(() => world?.close());

test('it shows the account with which the CA issued, the secret that holds its key, and the record', async () => {
  const { code, stderr, stdout } = await runCertkeep(['account'], person);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const account = world.record('shop').versions[0]?.origin?.account ?? 'none';
  expect(account).toMatch(/^https:/);
  expect(stdout).toMatch(/^local\n/);
  expect(stdout).toContain(`\n  account    ${account}\n`);
  expect(stdout).toContain('\n  used by    1 certificate: shop\n');
  expect(stdout).toContain('\n  example.com\n    0 issue "ca.test"\n');
  const [, secret = ''] = /its key +in the secret (\S+)/.exec(stdout) ?? [];
  expect(secret).toMatch(/^certkeep-accounts\/[\w.-]+-[\da-f]{12}$/);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);

  const { stdout: json } = await runCertkeep(['account', 'local', '--json'], person);
  expect(JSON.parse(json)).toMatchObject({
    accounts: [{ issuers: ['local'], url: account, secret, certificates: ['shop'] }],
    caa: [{ domain: 'example.com', records: ['0 issue "ca.test"'] }],
  });
});

test('roll replaces the key, and everything goes on with the same account', async () => {
  const account = world.record('shop').versions[0]?.origin?.account;
  const args = ['account', 'roll', 'local', '--reason', 'the yearly change'];
  const { code, stderr, stdout } = await runCertkeep(args, person);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [, thumbprint = ''] = /\(thumbprint\s([\w-]{43})\)/.exec(stdout) ?? [];
  expect(thumbprint).not.toBe('');
  expect(world.cloud.ca.ledger().accounts).toMatchObject([{ url: account, status: 'valid' }]);
  const [book = ''] = await ledgerBucket(world).keys('issuers/accounts/');
  expect(JSON.parse(ledgerBucket(world).text(book)).wishes).toMatchObject([
    {
      kind: 'roll',
      reason: 'the yearly change',
      by: expect.stringContaining('assumed-role/owner'),
    },
  ]);
  const orders = world.cloud.ca.ledger().orders.length;
  await world.check({ certificates: ['shop'], force: true, reason: 'to see the account' });
  await world.liveUntil(() => world.record('shop').versions.length > 1, hourMs);
  expect(world.record('shop').versions.at(-1)?.origin?.account).toBe(account);
  expect(world.cloud.ca.ledger().orders).toHaveLength(orders + 1);
});

test('deactivate is refused while a certificate uses the account', async () => {
  const args = ['account', 'deactivate', 'local', '--reason', 'we leave', '--yes'];
  expect(await runCertkeep(args, person)).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'certkeep: Nothing was done: the account of local issues for shop.\nNext: npx certkeep account\n',
  });
  expect(world.cloud.ca.ledger().accounts.map(({ status }) => status)).toEqual(['valid']);
});

test.each([
  [
    'an issuer that is not there',
    () => person,
    ['locals'],
    'the configuration has no issuer "locals" (did you mean "local"?)',
    'npx certkeep account local',
  ],
  [
    'somebody without the right',
    () => looker,
    [],
    'lambda:GetFunctionConfiguration',
    'aws sts get-caller-identity',
  ],
])('%s: it says so, and the next command', async (_, who, args, message, next) => {
  const { code, stderr, stdout } = await runCertkeep(['account', ...args], who());
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(`Next: ${next}`);
});
