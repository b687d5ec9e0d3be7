import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { roleSession } from 'local-cloud/wire/accounts.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wishes } from '#shared/check/entrance.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
beforeAll(async () => {
  const certificates = '  shop: {names: [example.com], issuer: local}\n';
  world = await startWorld(configText(certificates), { mayDeny: true });
  await world.check();
});
afterAll(() => world?.close());

const check = 'arn:aws:lambda:us-east-1:000000000000:function:certkeep-check';
const payload = { certificates: ['shop'], reason: 'the key may have leaked' };

/** What somebody gets who may invoke exactly that. */
async function asPerson(mayInvoke: string, qualifier: string | null, asked: object = payload) {
  const name = mayInvoke.replaceAll(/[^a-z]/g, '');
  const role = `arn:aws:iam::000000000000:role/${name}`;
  const allowed = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: mayInvoke };
  const document = { Version: '2012-10-17', Statement: [allowed] };
  world.cloud.roles.putRole({
    arn: role,
    trust: { Version: '2012-10-17', Statement: [] },
    inline: new Map([['invoke', document]]),
    attached: [],
  });
  const session = roleSession({ role, sessionName: 'person', caller: 'person' });
  if (!session) throw new Error(`${role} is no role`);
  const accessKeyId = `ASIA${name.toUpperCase()}`;
  world.cloud.accounts.register(accessKeyId, session);
  const lambda = new LambdaClient({
    endpoint: world.cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local', sessionToken: 'local' },
    maxAttempts: 1,
  });
  const FunctionName = qualifier ? `certkeep-check:${qualifier}` : 'certkeep-check';
  const Payload = Buffer.from(JSON.stringify(asked));
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  await world.settle();
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString());
}

const orders = () => world.cloud.ca.ledger().orders.length;

test('a right to start check itself does not allow a force, whatever the payload says', async () => {
  const asked = { ...payload, force: true, override: true };
  expect(await asPerson(check, null, asked)).toMatchObject({
    refused: 'Nothing was done: "override" is asked of certkeep-check:override.',
  });
  expect(await asPerson(check, null, {})).toMatchObject([{ certificate: 'shop' }]);
  for (const wish of wishes) {
    await expect(asPerson(check, wish)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  }
  expect(orders()).toBe(1);
});

test('a right to retry allows neither a force nor an override', async () => {
  const mayRetry = `${check}:retry`;
  expect(await asPerson(mayRetry, 'retry')).toMatchObject([{ certificate: 'shop' }]);
  const forced = { ...payload, force: true };
  expect(await asPerson(mayRetry, 'retry', forced)).toHaveProperty('refused');
  for (const other of ['force', 'override', null]) {
    await expect(asPerson(mayRetry, other)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  }
  expect(orders()).toBe(1);
});

test('a right to pause allows neither a force nor the end of the pause', async () => {
  const until = new Date(world.clock.now().getTime() + 86_400_000).toISOString();
  const paused = { certificates: ['shop'], reason: 'a freeze', until };
  expect(await asPerson(`${check}:pause`, 'pause', paused)).toMatchObject([
    { certificate: 'shop' },
  ]);
  expect(world.record('shop').paused).toMatchObject({ until, reason: 'a freeze' });
  for (const other of ['resume', 'force', null]) {
    await expect(asPerson(`${check}:pause`, other)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  }
  await asPerson(`${check}:resume`, 'resume');
  expect(world.record('shop').paused).toBeNull();
  expect(orders()).toBe(1);
});

test('a right to force does not allow an override', async () => {
  expect(await asPerson(`${check}:force`, 'force')).toMatchObject([{ action: 'issue' }]);
  await expect(asPerson(`${check}:force`, 'override')).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  expect(orders()).toBe(2);
});

test('a limit is overridden once a day for each certificate, and the record says when', async () => {
  const mayOverride = `${check}:override`;
  for (let asked = 0; asked < 8; asked += 1) await asPerson(mayOverride, 'override');
  expect(orders()).toBe(3);
  expect(world.record('shop').history).toContainEqual(
    expect.objectContaining({ what: expect.stringMatching(/^override by run /) }),
  );
  expect(await asPerson(mayOverride, 'override')).toMatchObject({
    refused: expect.stringMatching(
      /^Nothing was done: a limit may be overridden once a day, and was for shop at /,
    ),
  });
});
