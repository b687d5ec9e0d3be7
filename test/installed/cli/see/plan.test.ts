import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logCommand } from '#shared/text/log-command.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { personWithDocumentedRights } from '#test/support/documented-rights.ts';
import { configText } from '#test/support/fleet.ts';
import { runCertkeep } from '#test/support/run-certkeep.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
let person: NodeJS.ProcessEnv;
let looker: NodeJS.ProcessEnv;

beforeAll(async () => {
  const source = configText('  shop: {names: [shop.example.com], issuer: local}\n');
  world = await startWorld(source, {
    clock: virtualClock(addMs(new Date(), -hourMs)),
    mayDeny: true,
  });
  person = personWithDocumentedRights(world.cloud, 'planner', ['Where it looks', 'What comes']);
  looker = personWithDocumentedRights(world.cloud, 'looker', ['Where it looks']);
  // The second check has seen what came of the first.
  for (const _ of [1, 2]) await world.check();
});
afterAll(() => world?.close());

test('where nothing is due it says when the first is', async () => {
  const { code, stderr, stdout } = await runCertkeep(['plan'], person);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^nothing is due within 30 days; the first is shop on \d+ \w{3}\n$/);
  expect(await runCertkeep(['plan', '--json'], person)).toMatchObject({ code: 0, stdout: '[]\n' });
});

test('the order is planned below its day, with the reason it will have', async () => {
  const { code, stderr, stdout } = await runCertkeep(['plan', '--days', '90'], person);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^1 order is due within 90 days\n/);
  expect(stdout).toMatch(
    /^\w{3} \d+ \w{3} \d{4}\n\d\d:\d\d {2}shop +local +then the CA advises renewal between \d+ \w{3} and \d+ \w{3}$/m,
  );
  const { stdout: json } = await runCertkeep(['plan', '--days', '90', '--json'], person);
  expect(JSON.parse(json)).toMatchObject([{ certificate: 'shop', issuer: 'local' }]);
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
});

test.each([
  [
    'somebody without the right',
    () => looker,
    [],
    'it needs lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:certkeep-check',
    'aws sts get-caller-identity',
  ],
  [
    'another installation',
    () => person,
    ['--installation', 'other', '--account', '000000000000'],
    'AWS denies it',
    'aws sts get-caller-identity',
  ],
  [
    'days that nobody plans',
    () => person,
    ['--days', '401'],
    'from 1 to 400',
    'npx certkeep --help',
  ],
])('%s: it says so, and the next command', async (_, who, args, message, next) => {
  const { code, stderr, stdout } = await runCertkeep(['plan', ...args], who());
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(`Next: ${next}`);
});

test('where check fails, its logs are the next command', async () => {
  world.cloud.faults.add({
    when: ({ input, operation }) =>
      operation === 'GetObject' && (input as { readonly Key: string }).Key.startsWith('records/'),
    fault: { do: 'kill-before' },
  });
  const { code, stderr } = await runCertkeep(['plan'], person);
  expect(code).toBe(2);
  expect(stderr).toContain('certkeep: check failed: ');
  expect(stderr).toContain(`Next: ${logCommand('/aws/lambda/certkeep-check', 'us-east-1')}`);
});
