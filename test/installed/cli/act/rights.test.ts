import { roleSession } from 'local-cloud/wire/accounts.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wishes } from '#shared/check/entrance.ts';
import { configText } from '#test/support/fleet.ts';
import { earlierClock, runBeside } from '#test/support/run-beside.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
beforeAll(async () => {
  const source = configText('  shop: {names: [shop.example.com], issuer: local}\n');
  world = await startWorld(source, { clock: earlierClock(), mayDeny: true });
  await world.check();
});
afterAll(() => world?.close());

const check = 'arn:aws:lambda:us-east-1:000000000000:function:certkeep-check';
const bucket = 'arn:aws:s3:::certkeep-000000000000-us-east-1';

const allow = (Action: string, Resource: string | readonly string[]) => ({
  ...{ Effect: 'Allow', Action, Resource },
});

/** What docs/operate.md says that somebody needs who looks. */
const mayLook = () => [
  allow('s3:GetObject', [`${bucket}/status/*`, `${bucket}/records/*`, `${bucket}/observations/*`]),
  allow('s3:GetObject', `${bucket}/certificates/*/record.json`),
  allow('s3:ListBucket', bucket),
  allow('kms:Decrypt', 'arn:aws:kms:us-east-1:000000000000:key/*'),
];

/** The environment of somebody who may do that, and nothing else. */
function personWho(name: string, Statement: readonly object[]): NodeJS.ProcessEnv {
  const arn = `arn:aws:iam::000000000000:role/${name}`;
  const document = { Version: '2012-10-17', Statement };
  world.cloud.roles.putRole({
    ...{ arn, trust: { Version: '2012-10-17', Statement: [] }, attached: [] },
    inline: new Map([['what', document]]),
  });
  const session = roleSession({ role: arn, sessionName: 'jo@example.com', caller: 'person' });
  if (!session) throw new Error(`${arn} is no role`);
  const AWS_ACCESS_KEY_ID = `ASIA${name.toUpperCase()}`;
  world.cloud.accounts.register(AWS_ACCESS_KEY_ID, session);
  return { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: 'local', AWS_SESSION_TOKEN: 'local' };
}

const retry = ['retry', 'shop', '--reason', 'mended'];

test.each([
  ['renew', ['renew', 'shop', '--reason', 'leaked', '--yes'], 'force'],
  ['override', ['renew', 'shop', '--reason', 'leaked', '--yes', '--override'], 'override'],
  ['retry', retry, 'retry'],
  ['pause', ['pause', 'shop', '--for', '3d', '--reason', 'a sale'], 'pause'],
  ['resume', ['resume', 'shop', '--reason', 'it is over'], 'resume'],
  [
    'revoke',
    ['revoke', 'shop', '--code', 'keyCompromise', '--reason', 'leaked', '--yes'],
    'revoke',
  ],
] as const)('without the right for it, %s says which is missing', async (_, args, alias) => {
  const others = wishes.filter((each) => each !== alias);
  const may = [
    ...mayLook(),
    allow(
      'lambda:InvokeFunction',
      others.map((each) => `${check}:${each}`),
    ),
  ];
  const before = world.record('shop').history;
  const env = personWho(`no${alias}`, may);
  const { code, stderr, stdout } = await runBeside(world, args, { env });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(
    `Nothing was done: AWS denies it; it needs lambda:InvokeFunction on ${check}:${alias}: `,
  );
  expect(stderr).toMatch(/\nNext: aws sts get-caller-identity\n$/);
  expect(world.record('shop').history).toEqual(before);
});

test('the rights that are documented are enough, and the history names the session', async () => {
  const env = personWho('retries', [
    ...mayLook(),
    allow('lambda:InvokeFunction', `${check}:retry`),
  ]);
  const { code, stderr, stdout } = await runBeside(world, retry, { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^shop: (none|look): .*\nshop: stored, and it has no targets/);
  expect(world.record('shop').history).toContainEqual(
    expect.objectContaining({
      what: expect.stringMatching(
        /^retry by run \S+, as claimed by arn:aws:sts::000000000000:assumed-role\/retries\/jo@example\.com$/,
      ),
      why: 'mended',
    }),
  );
});

test('whoever may not read the bucket asks without following', async () => {
  const env = personWho('asks', [allow('lambda:InvokeFunction', `${check}:retry`)]);
  const before = world.record('shop').history;
  const { code, stderr } = await runBeside(world, retry, { env });
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^certkeep: Nothing was done: it could not be followed: AWS denies reading /,
  );
  expect(stderr).toMatch(/\nNext: npx certkeep retry shop --reason mended --no-wait\n$/);
  expect(world.record('shop').history).toEqual(before);
  const asked = await runBeside(world, [...retry, '--no-wait'], { env });
  expect(asked).toMatchObject({ code: 0, stderr: '' });
  expect(world.record('shop').history).toHaveLength(before.length + 1);
});
