import { ACM } from '@aws-sdk/client-acm';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { openedMaterial } from '#shared/keystores/secrets-manager/material.ts';
import { Secret } from '#shared/secret.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { isFull } from '#test/support/full.ts';
import { killedAtEach, type Story } from '#test/support/killed-at-each.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const target = `{type: alb, listener: "${listenerArn('shop')}"}`;
const text = configText(`  shop: {names: [example.com], issuer: local, targets: [${target}]}\n`);
const reason = 'clients refuse the new one';
const asked = { certificates: ['shop'], reason };
const back = { ...asked, rollback: true };

/** With two versions, of which the second is in service. */
async function withTwo(): Promise<readonly [first: string, second: string]> {
  world = await startWorld(text);
  await world.check();
  world.clock.advance(dayMs);
  await world.check({ ...asked, force: true });
  await world.liveUntil(isProven, hourMs);
  return serials() as unknown as [string, string];
}

const record = () => world.record('shop');
const serials = () => record().versions.map(({ serial }) => serial);
const orders = () => world.cloud.ca.ledger().orders.length;
const deployment = () => Object.values(record().deployments)[0];

function isProven(): boolean {
  const { state, versionId } = deployment() ?? {};
  return state === 'proven' && versionId === record().desired;
}

function inService(): string | undefined {
  return record().versions.find(({ id }) => id === record().desired)?.serial;
}

async function expectServed(serial: string): Promise<void> {
  await world.liveUntil(() => isProven() && inService() === serial, 2 * hourMs);
  expect(await world.served('shop')).toEqual(new Set([serial]));
}

describe('an earlier version that a person puts back', () => {
  test('is proven, stays, and is followed by the next renewal', async () => {
    const [first] = await withTwo();
    await world.check(back);
    await expectServed(first);
    await world.live(12 * hourMs);
    await expectServed(first);
    expect(orders()).toBe(2);
    expect(record().history.map(({ why }) => why)).toContain(reason);
    // Sixty days of ninety after the second one.
    world.clock.advance(60 * dayMs);
    await world.check();
    await world.liveUntil(() => serials().length === 3 && isProven(), 2 * hourMs);
    await expectServed(serials()[2] as string);
    expect(orders()).toBe(3);
  });

  test('gives way to the newer one at the time that the person named', async () => {
    const [first, second] = await withTwo();
    const until = new Date(world.clock.now().getTime() + 5 * hourMs).toISOString();
    await world.check({ ...back, until });
    await expectServed(first);
    await world.live(5 * hourMs);
    await expectServed(second);
    expect(orders()).toBe(2);
  });

  test('is put right where somebody imports the newer one by hand', async () => {
    const [first, second] = await withTwo();
    await world.check(back);
    await expectServed(first);
    const arn = deployment()?.arn as string;
    await importByHand(arn);
    world.clock.advance(minuteMs);
    expect(await world.served('shop')).toEqual(new Set([second]));
    await world.live(8 * hourMs);
    await expectServed(first);
  });

  test('ends with a forced renewal', async () => {
    const [first] = await withTwo();
    await world.check(back);
    await expectServed(first);
    await world.check({ ...asked, force: true });
    await world.liveUntil(() => serials().length === 3 && isProven(), 2 * hourMs);
    await expectServed(serials()[2] as string);
    // The newest one is what the order replaces: the one before has had its successor.
    const newest = record().versions[1];
    expect(world.cloud.ca.ledger().orders[2]?.replaces).toBe(newest?.renewalId);
  });

  test('is not followed by a version that a person has barred', async () => {
    const [first, second] = await withTwo();
    const { id } = record().versions[1] as { id: string };
    await world.check({ ...asked, bar: true });
    await expectServed(first);
    expect(record().barred).toMatchObject([{ versionId: id, reason }]);
    await world.live(7 * hourMs);
    await expectServed(first);
    await world.check({ ...asked, unbar: true });
    await expectServed(second);
    expect(orders()).toBe(2);
  });

  test('is refused where there is none', async () => {
    world = await startWorld(text);
    await world.check();
    await world.check(back);
    expect(record().chosen).toBeNull();
    expect(world.logs.map(({ reason: why }) => why)).toContain(
      'Nothing was done: shop: there is no earlier version.',
    );
  });
});

test('the only version, barred by a person, is replaced at once', async () => {
  world = await startWorld(text);
  await world.check();
  const [first] = serials();
  await world.check({ ...asked, bar: true });
  await world.liveUntil(() => isProven() && inService() !== first, 2 * hourMs);
  expect(orders()).toBe(2);
});

/** What stands in the key store as the one before is imported over the present one. */
async function importByHand(arn: string): Promise<void> {
  const secrets = new SecretsManager(operatorClient(world.cloud, 'us-east-1'));
  const SecretId = 'certkeep/shop';
  const { SecretString = '' } = await secrets.getSecretValue({
    SecretId,
    VersionStage: 'AWSPREVIOUS',
  });
  const opened = openedMaterial(SecretId, new Secret(SecretString));
  if (!opened) throw new Error('there is no version before');
  const { certificatePem, chainPem, keyPem } = opened;
  const acm = new ACM(operatorClient(world.cloud, 'us-east-1'));
  await acm.importCertificate({
    CertificateArn: arn,
    Certificate: Buffer.from(certificatePem ?? ''),
    CertificateChain: Buffer.from(chainPem ?? ''),
    PrivateKey: Buffer.from(keyPem.reveal()),
  });
}

/** What issue, and then deploy, does last before it dies. */
const lastActs = [
  ['issue', 'GetSecretValue'],
  ['issue', 'UpdateSecretVersionStage'],
  ['issue', 'PutObject'],
  ['deploy', 'ImportCertificate'],
] as const;

describe('one that is killed goes on', () => {
  test.each(lastActs)('%s after %s', async (stage, operation) => {
    const [first] = await withTwo();
    world.cloud.faults.add({
      when: (call) => call.caller === stage && call.operation === operation,
      fault: { do: 'kill-after' },
    });
    await world.check(back);
    await expectServed(first);
    expect(orders()).toBe(2);
  });
});

describe('one that cannot be put back', () => {
  /** The key store answers so whenever issue reads a version. */
  const answering = (code: string) =>
    world.cloud.faults.add({
      when: ({ caller, operation }) => caller === 'issue' && operation === 'GetSecretValue',
      fault: { do: 'refuse', code },
      times: 1_000,
    });
  const told = (words: string) => world.told().filter((line) => line.includes(words));

  test('because the key store cannot be read: the present one stays, and people hear of it until it is', async () => {
    const [first, second] = await withTwo();
    answering('InternalServiceError');
    await world.check(back);
    await world.live(hourMs);
    expect(await world.served('shop')).toEqual(new Set([second]));
    expect(told('PutBackOverdue')).toHaveLength(1);
    world.cloud.faults.clear();
    await world.live(hourMs / 2);
    await expectServed(first);
    expect(told('well again: shop')).toHaveLength(1);
  });

  test('because the key store has lost it: it is not tried again, and people hear of it', async () => {
    const [, second] = await withTwo();
    answering('ResourceNotFoundException');
    await world.check(back);
    await world.live(hourMs);
    expect(await world.served('shop')).toEqual(new Set([second]));
    expect(told('VersionNotUsable')).toHaveLength(1);
    const tried = record().history.filter(({ what }) => what.includes('could not be put into'));
    expect(tried).toHaveLength(1);
  });
});

/** One in so many calls is struck; `KILLS=1` strikes each. */
const every = Number(process.env.KILLS ?? 41);

describe.skipIf(!isFull)('killed at any call after the wish, the earlier version is served', () => {
  test.each(['check', 'issue', 'deploy', 'verify'])('%s', { timeout: 900_000 }, async (stage) => {
    expect(await killedAtEach(stage, story, { every, withinMs: 3 * hourMs })).toEqual([]);
  });
});

const story: Story = {
  async start() {
    await withTwo();
    return world;
  },
  async ask() {
    await world.check(back).catch(() => undefined);
    // A person whose request came to nothing repeats it.
    if (record().chosen === null) await world.check(back);
  },
  isOver: () => isProven() && inService() === serials()[0],
  async facts() {
    const served = [...(await world.served('shop'))].map((serial) =>
      serials().indexOf(serial ?? ''),
    );
    return { served, orders: orders(), versions: serials().length };
  },
};
