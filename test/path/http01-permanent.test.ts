import { afterEach, describe, expect, test } from 'vitest';
import type { Fault, OutsideCall } from '#local/faults.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { some } from '#test/support/full.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { askOverHttp, rulesOf } from '#test/support/world-rules.ts';

let world: World;
afterEach(() => world?.close());

const hour = 3_600_000;
const permanent = '7 /.well-known/acme-challenge/*';
const source = configText(
  '  shop: {names: [example.com, www.example.com], issuer: local}\n',
).replace(
  '- type: route53',
  `- {type: alb-http01, listener: "${listenerArn('web', 'a')}", rule: permanent, priority: 7}`,
);

async function start(options = {}): Promise<void> {
  world = await startWorld(source, options);
  world.clock.advance(60_000);
}

function calls(operation: string): readonly OutsideCall[] {
  return world.cloud.faults.calls.filter(
    (call) => call.operation === operation && call.caller === 'issue',
  );
}

/** What the function is asked to answer with, now. */
function answers(): readonly string[] {
  return world.cloud.s3.keysOf(world.names.bucket).filter((key) => key.startsWith('challenges/'));
}

test('names are proven by the rule of the installation, and nothing of the listener changes', async () => {
  await start();
  expect(await rulesOf(world)).toEqual([permanent]);
  await world.check();
  expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
  expect(world.record('shop').desired).not.toBeNull();
  expect(calls('CreateRule')).toEqual([]);
  expect(await rulesOf(world)).toEqual([permanent]);
  expect(answers()).toEqual([]);
  const read = world.cloud.iam.decisions.filter(({ role }) => role.endsWith('-challenge'));
  expect(new Set(read.map(({ action }) => action))).toEqual(
    new Set(['s3:GetObject', 'kms:Decrypt', 'logs:CreateLogStream', 'logs:PutLogEvents']),
  );
});

describe('when a run', () => {
  const strikes: readonly (readonly [string, string, Fault])[] = [
    ['dies after an answer was put', 'PutObject', { do: 'kill-after' }],
    ['dies before an answer is taken away', 'DeleteObject', { do: 'kill-before' }],
    ['takes an answer away twice', 'DeleteObject', { do: 'twice' }],
  ];

  test.each(some(strikes))(
    '%s, one order is finalized and no answer is left',
    async (_, what, fault) => {
      await start();
      const when = ({ operation, input }: OutsideCall) =>
        operation === what && JSON.stringify(input).includes('challenges/');
      world.cloud.faults.add({ when, fault });
      await world.check();
      await world.live(hour);
      expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
      const finalized = world.cloud.ca.ledger().orders.filter((order) => order.finalizedTimes > 0);
      expect(finalized).toHaveLength(1);
      expect(answers()).toEqual([]);
    },
  );
});

test('the rule comes and goes with the configuration; names are proven without it as well', async () => {
  await start();
  await world.check();
  await world.reconfigure((text) => text.replace(/ +(rule: permanent|priority: 7)\n/g, ''));
  expect(await rulesOf(world)).toEqual([]);
  await world.check({ certificates: ['shop'], force: true, reason: 'a test' });
  expect(calls('CreateRule')).toHaveLength(0);
  world.clock.advance(31 * 24 * hour);
  await world.check({ certificates: ['shop'], force: true, reason: 'a test' });
  expect(calls('CreateRule').length).toBeGreaterThan(0);
  expect(world.record('shop').versions).toHaveLength(3);
  await world.reconfigure((text) =>
    text.replace('alb-http01\n', 'alb-http01\n    rule: permanent\n    priority: 1\n'),
  );
  expect(await rulesOf(world)).toEqual(['1 /.well-known/acme-challenge/*']);
});

describe('a stranger gets nothing', () => {
  test.each([
    ['/.well-known/acme-challenge/unknown', 1],
    ['/.well-known/acme-challenge/', 0],
    ['/.well-known/acme-challenge/..%2f..%2fcertificates%2fshop%2frecord.json', 0],
    ['/.well-known/acme-challenge/../../../certificates/shop/record.json', 0],
    [`/.well-known/acme-challenge/${'x'.repeat(129)}`, 0],
    ['/.well-known/acme-challenge/a%20b', 0],
  ])('at %s, for which %d objects are looked for', async (path, looks) => {
    // The function may not list the bucket, so that S3 tells it nothing of what is not there.
    await start({ mayDeny: true });
    const asked = () =>
      world.cloud.faults.calls.filter(({ caller }) => caller === 'challenge').length;
    expect(await askOverHttp(world, path)).toBe('404 ');
    expect(asked()).toBe(looks);
  });
});

test('where the function may not be invoked, the CA is not asked', async () => {
  await start({ mayDeny: true });
  const [deployed] = [...world.cloud.lambda.functions.values()].filter(({ name }) =>
    name.endsWith('-challenge'),
  );
  world.cloud.policies.put(deployed?.arn ?? '', null);
  await world.check();
  expect(world.record('shop').acquireFailure).toMatchObject({
    error: 'ChallengeNotServed',
    message: expect.stringMatching(/is answered with 502$/),
  });
  expect(calls('challenge')).toEqual([]);
  expect(answers()).toEqual([]);
});
