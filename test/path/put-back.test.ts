import { ACM } from '@aws-sdk/client-acm';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { OutsideCall } from 'local-cloud/faults.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { openedMaterial } from '#shared/keystores/secrets-manager/material.ts';
import { Secret } from '#shared/secret.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { isFull } from '#test/support/full.ts';
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
    await world.live(3 * dayMs);
    await expectServed(first);
    expect(orders()).toBe(2);
    expect(record().history.map(({ why }) => why)).toContain(reason);
    // Sixty days of ninety after the second one.
    world.clock.advance(57 * dayMs);
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
  });

  test('is not followed by a version that a person has barred', async () => {
    const [first, second] = await withTwo();
    const { id } = record().versions[1] as { id: string };
    await world.check({ ...asked, bar: true });
    await expectServed(first);
    expect(record().barred).toMatchObject([{ versionId: id, reason }]);
    await world.live(dayMs);
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

/** One in so many calls is struck; `KILLS=1` strikes each. */
const every = Number(process.env.KILLS ?? 41);
/** Of one function, from the wish until all is quiet. */
const stages = ['check', 'issue', 'deploy', 'verify'] as const;

describe.skipIf(!isFull)('killed at any call after the wish, the earlier version is served', () => {
  test.each(stages)('%s', { timeout: 900_000 }, async (stage) => {
    const calls = await callsOf(stage);
    expect(calls).toBeGreaterThan(3);
    const broken: string[] = [];
    for (let at = 0; at < calls; at += every) {
      for (const fault of ['kill-before', 'kill-after'] as const) {
        broken.push(...(await brokenBy(stage, at, fault)));
      }
    }
    expect(broken).toEqual([]);
  });
});

async function callsOf(stage: string): Promise<number> {
  let calls = 0;
  const [first] = await withTwo();
  world.cloud.faults.watch = ({ caller }) => {
    if (caller === stage) calls += 1;
  };
  await world.check(back);
  await world.liveUntil(() => isProven() && inService() === first, 2 * hourMs);
  world.cloud.faults.watch = () => undefined;
  await world.close();
  return Math.min(calls, mostCalls);
}

/** What is after that is the quiet time of the hours that follow. */
const mostCalls = 80;

async function brokenBy(
  stage: string,
  at: number,
  fault: 'kill-before' | 'kill-after',
): Promise<readonly string[]> {
  const [first] = await withTwo();
  let seen = 0;
  const when = ({ caller }: OutsideCall) => {
    if (caller !== stage) return false;
    seen += 1;
    return seen === at + 1;
  };
  world.cloud.faults.add({ when, fault: { do: fault } });
  await world.check(back).catch(() => undefined);
  // A person whose request came to nothing repeats it.
  if (record().chosen === null) await world.check(back);
  await world.liveUntil(() => isProven() && inService() === first, 3 * hourMs).catch(() => null);
  const served = [...(await world.served('shop'))];
  const is = { served, orders: orders(), versions: serials().length };
  const wanted = { served: [first], orders: 2, versions: 2 };
  await world.close();
  const text = JSON.stringify(is);
  return text === JSON.stringify(wanted) ? [] : [`${fault} ${at}: ${text}`];
}
