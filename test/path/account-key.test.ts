import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterEach, describe, expect, test } from 'vitest';
import type { AccountWish } from '#shared/acquire/account/account-book.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import { hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { isFull } from '#test/support/full.ts';
import { killedAtEach, type Story } from '#test/support/killed-at-each.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { ledgerBucket } from '#test/support/world-objects.ts';

let world: World;
afterEach(() => world?.close());

const text = configText('  shop: {names: [example.com], issuer: local}\n');
const asked = { issuer: 'local', id: 'the-first-wish', reason: 'the yearly change' };

/** A world in which the CA has issued with its account. */
async function withOne(): Promise<World> {
  world = await startWorld(text);
  await world.check();
  return world;
}

const roll = (request: object = asked) => world.dispatcher.invoke('issue:roll', request);
const accounts = () => world.cloud.ca.ledger().accounts.map(({ status }) => status);

async function wishes(): Promise<readonly AccountWish[]> {
  const [book] = await ledgerBucket(world).keys('issuers/accounts/');
  return book ? JSON.parse(ledgerBucket(world).text(book)).wishes : [];
}

/** How many versions of the account's secret carry which labels. */
async function labels(): Promise<readonly string[]> {
  const client = new SecretsManagerClient(operatorClient(world.cloud, 'us-east-1'));
  const [issuer] = Object.values(world.landscape.config.issuers);
  const name = issuer ? accountKeyName(issuer) : '';
  const SecretId = `certkeep-accounts/${name}`;
  const described = await client.send(new DescribeSecretCommand({ SecretId }));
  client.destroy();
  return Object.values(described.VersionIdsToStages ?? {})
    .map((stages) => stages.join(' '))
    .toSorted();
}

/** The certificates of an account, once another one was asked for. */
async function issuedBy(): Promise<readonly string[]> {
  await world.check({ certificates: ['shop'], force: true, reason: 'to use the account' });
  await world.liveUntil(() => world.record('shop').versions.length > 1, hourMs);
  return world.record('shop').versions.map(({ origin }) => origin?.account ?? 'none');
}

test('a key is replaced once for each wish, and the account issues with the next one', async () => {
  await withOne();
  expect(await labels()).toEqual(['AWSCURRENT']);
  expect(await roll()).toMatchObject({ ok: true, payload: { outcome: 'done' } });
  expect(await labels()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  expect(await roll()).toMatchObject({ ok: true, payload: { outcome: 'done-before' } });
  const [account, again] = await issuedBy();
  expect(again).toBe(account);
  expect(accounts()).toEqual(['valid']);
  const changes = world.cloud.faults.calls.filter(({ operation }) => operation === 'keyChange');
  expect(changes).toHaveLength(1);
  expect(world.denied()).toEqual([]);
  const needed = world.cloud.iam.decisions
    .filter(({ decidedBy }) => decidedBy.some(({ sid }) => sid === 'KeepAccountKeys'))
    .map(({ action }) => action);
  expect(needed).toContain('secretsmanager:PutSecretValue');
  expect(needed).toContain('secretsmanager:UpdateSecretVersionStage');
});

test('an order that is under way when the key is replaced goes on, with values of the new one', async () => {
  world = await startWorld(text);
  let isRolled = false;
  world.cloud.faults.add({
    when: ({ caller, operation }) => caller === 'issue' && operation === 'ChangeResourceRecordSets',
    fault: {
      do: 'meanwhile',
      async act() {
        isRolled = (await roll()).ok;
      },
    },
  });
  await world.check();
  await world.liveUntil(() => world.record('shop').versions.length > 0, hourMs);
  expect(isRolled).toBe(true);
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
  expect(accounts()).toEqual(['valid']);
});

/** One in so many calls is struck; `KILLS=1` strikes each. */
const every = Number(process.env.KILLS ?? 7);

describe.skipIf(!isFull)('killed at any call after the wish', () => {
  test('it is carried out once, and nobody is locked out', { timeout: 900_000 }, async () => {
    expect(await killedAtEach('issue', story, { every, withinMs: hourMs })).toEqual([]);
  });
});

let isDone = false;
const story: Story = {
  async start() {
    isDone = false;
    return withOne();
  },
  async ask() {
    // A person whose request came to nothing repeats it.
    for (let times = 0; times < 3 && !isDone; times += 1) isDone = (await roll()).ok;
  },
  isOver: () => isDone,
  async facts() {
    const issued = new Set(await issuedBy()).size;
    // The label of a key that waited may stay on it.
    const settled = (await labels()).map((each) => each.replace('certkeep-pending ', ''));
    return {
      issued,
      labels: settled.toSorted(),
      wishes: (await wishes()).map(({ doneAt, id }) => [id, doneAt !== null]),
      accounts: accounts(),
      orders: world.cloud.ca.ledger().orders.length,
    };
  },
};
