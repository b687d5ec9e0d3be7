import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Fault, OutsideCall } from 'local-cloud/faults.ts';
import { operatorClient, sceneryClient } from 'local-cloud/operator.ts';
import { afterEach, describe, expect, test } from 'vitest';
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
    new Set([
      's3:GetObject',
      'kms:Decrypt',
      'secretsmanager:DescribeSecret',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]),
  );
});

test('the rule answers for the new key of the account, once the old one is replaced', async () => {
  await start({ ca: { authzReuse: false } });
  await world.check();
  const asked = { issuer: 'local', id: 'the-first-wish', reason: 'a test' };
  expect(await world.dispatcher.invoke('issue:roll', asked)).toMatchObject({ ok: true });
  await world.check({ certificates: ['shop'], force: true, reason: 'a test' });
  expect(world.record('shop').versions).toHaveLength(2);
  const { accounts, orders } = world.cloud.ca.ledger();
  expect(accounts).toHaveLength(1);
  expect(orders.map(({ status }) => status)).toEqual(['valid', 'valid']);
  expect(calls('TagResource')).toHaveLength(2);
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
  const token = 'x'.repeat(22);
  test.each([
    [token, 'shop.example', 1],
    [token, '127.0.0.1', 0],
    ['x'.repeat(21), 'shop.example', 0],
    ['', 'shop.example', 0],
    ['..%2f..%2fcertificates%2fshop%2frecord.json', 'shop.example', 0],
    ['../../../certificates/shop/record.json', 'shop.example', 0],
    ['x'.repeat(129), 'shop.example', 0],
    ['a%20b', 'shop.example', 0],
  ])('at %s of %s, for which %d objects are looked for', async (asked, host, looks) => {
    // The function may not list the bucket, so that S3 tells it nothing of what is not there.
    await start({ mayDeny: true });
    const looked = () =>
      world.cloud.faults.calls.filter(({ caller }) => caller === 'challenge').length;
    expect(await askOverHttp(world, `/.well-known/acme-challenge/${asked}`, host)).toBe('404 ');
    expect(looked()).toBe(looks);
  });
});

describe('whoever writes into the bucket', () => {
  const token = 'written-by-a-thief-0123456789';
  const thumbprint = 'T'.repeat(43);
  const path = `/.well-known/acme-challenge/${token}`;
  let own: string;

  /** The thumbprint of our account, as anybody can read it while a CA looks. */
  async function issued(): Promise<void> {
    await start({ mayDeny: true });
    await world.check();
    const secrets = new SecretsManagerClient(operatorClient(world.cloud, 'us-east-1'));
    const Filters = [{ Key: 'tag-key' as const, Values: ['certkeep:thumbprint'] }];
    const { SecretList } = await secrets.send(new ListSecretsCommand({ Filters }));
    own = SecretList?.[0]?.Tags?.[0]?.Value ?? '';
  }

  test('proves nothing to an account of their own, for whatever name leads to the listener', async () => {
    await issued();
    await write(`challenges/http-01/${token}`, `${token}.${thumbprint}`);
    for (const host of ['bank.example.com', 'example.com']) {
      await write(`challenges/http-01/${token}/${host}`, `${token}.${thumbprint}`);
      expect(await askOverHttp(world, path, host)).toBe('404 ');
    }
  });

  test('lets our account prove names only that the object is for', async () => {
    await issued();
    await write(`challenges/http-01/${token}/www.example.com`, `${token}.${own}`);
    for (const host of ['www.example.com', 'WWW.example.com:80', 'www.example.com.']) {
      expect(await askOverHttp(world, path, host)).toBe(`200 ${token}.${own}`);
    }
    expect(await askOverHttp(world, path, 'bank.example.com')).toBe('404 ');
  });

  test('causes a look at the accounts three times a minute at most', async () => {
    await issued();
    const described = () =>
      world.cloud.faults.calls.filter(
        ({ caller, operation }) => caller === 'challenge' && operation === 'DescribeSecret',
      ).length;
    await write(`challenges/http-01/${token}/www.example.com`, `${token}.${thumbprint}`);
    world.clock.advance(60_000);
    const before = described();
    for (let asked = 0; asked < 10; asked += 1) await askOverHttp(world, path, 'www.example.com');
    expect(described() - before).toBe(1);
  });
});

/** As whoever has stolen the role of issue. */
async function write(Key: string, Body: string): Promise<void> {
  const s3 = new S3Client({
    ...sceneryClient(world.cloud, 'us-east-1'),
    forcePathStyle: true,
  });
  await s3.send(new PutObjectCommand({ Bucket: world.names.bucket, Key, Body }));
}

test('if the function may not be invoked, the CA is not asked', async () => {
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
