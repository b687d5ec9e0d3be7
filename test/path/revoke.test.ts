import type { OutsideCall } from 'local-cloud/faults.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { isFull } from '#test/support/full.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const target = `{type: alb, listener: "${listenerArn('shop')}"}`;
const text = configText(
  `  shop: {names: [example.com], issuer: local, rotation: reuse, targets: [${target}]}\n`,
);
const reason = 'the key leaked';
const asked = { certificates: ['shop'], reason, revoke: true, code: 'keyCompromise' };

async function withOne(): Promise<string> {
  world = await startWorld(text, { ca: { revocationList: true } });
  await world.check();
  await world.live(hourMs);
  return serials()[0] as string;
}

const record = () => world.record('shop');
const serials = () => record().versions.map(({ serial }) => serial);
const revoked = () => world.cloud.ca.revoked();
const told = () => world.told().filter((line) => line.includes('shop'));
const calls = (operation: string) =>
  world.cloud.faults.calls.filter((call) => call.operation === operation);

function inService(): string | undefined {
  return record().versions.find(({ id }) => id === record().desired)?.serial;
}

function isReplaced(serial: string): boolean {
  const [deployment] = Object.values(record().deployments);
  return deployment?.state === 'proven' && inService() !== serial;
}

async function expectRevoked(serial: string): Promise<void> {
  await world.liveUntil(() => revoked().length > 0, 3 * hourMs);
  expect(revoked()).toEqual([serial]);
  expect(isReplaced(serial)).toBe(true);
  expect(await world.served('shop')).toEqual(new Set([inService()]));
}

describe('a version that a person wants revoked', () => {
  test('is revoked once another one with another key is served, and nobody is told of trouble', async () => {
    const leaked = await withOne();
    const keysBefore = calls('PutSecretValue').length;
    const before = told().length;
    await world.check(asked);
    await expectRevoked(leaked);
    expect(calls('PutSecretValue').length).toBeGreaterThan(keysBefore);
    expect(world.cloud.ca.ledger().orders).toHaveLength(2);
    await world.live(3 * hourMs);
    expect(calls('revokeCert')).toHaveLength(1);
    expect(record().versions[0]?.revokedAt).toBeDefined();
    expect(record().history.map(({ why }) => why)).toContain(`keyCompromise: ${reason}`);
    expect(told().slice(before)).toEqual([]);
    await world.check({ certificates: ['shop'], reason, rollback: true }).catch(() => undefined);
    expect(record().chosen).toBeNull();
  });

  test('is not revoked while its successor cannot be issued', async () => {
    const leaked = await withOne();
    world.cloud.faults.add({
      when: ({ operation }) => operation === 'newOrder',
      fault: { do: 'refuse', code: 'urn:ietf:params:acme:error:serverInternal', status: 500 },
      times: 1_000,
    });
    await world.check(asked);
    await world.live(7 * hourMs);
    expect(revoked()).toEqual([]);
    expect(await world.served('shop')).toEqual(new Set([leaked]));
    world.cloud.faults.clear();
    await world.check({ certificates: ['shop'], reason, retry: true });
    await expectRevoked(leaked);
  });

  test('is revoked after six hours though an endpoint cannot prove its successor', async () => {
    const leaked = await withOne();
    await world.cloud.balancers.isolate('shop');
    await world.check(asked);
    await world.live(5 * hourMs);
    expect(revoked()).toEqual([]);
    await world.live(2 * hourMs);
    expect(revoked()).toEqual([leaked]);
  });

  test('is asked for again after the CA has failed, and people hear of it', async () => {
    const leaked = await withOne();
    world.cloud.faults.add({
      when: ({ operation }) => operation === 'revokeCert',
      fault: { do: 'refuse', code: 'urn:ietf:params:acme:error:unauthorized', status: 403 },
      times: 3,
    });
    await world.check(asked);
    await world.live(3 * hourMs);
    expect(revoked()).toEqual([leaked]);
    expect(told().join('\n')).toMatch(/IssuerRefused/);
  });
});

/** One in so many calls is struck; `KILLS=1` strikes each. */
const every = Number(process.env.KILLS ?? 61);
const stages = ['check', 'issue', 'deploy', 'verify'] as const;

describe.skipIf(!isFull)('killed at any call after the wish, it is revoked all the same', () => {
  test.each(stages)('%s', { timeout: 900_000 }, async (stage) => {
    const count = await callsOf(stage);
    expect(count).toBeGreaterThan(3);
    const broken: string[] = [];
    for (let at = 0; at < count; at += every) {
      for (const fault of ['kill-before', 'kill-after'] as const) {
        broken.push(...(await brokenBy(stage, at, fault)));
      }
    }
    expect(broken).toEqual([]);
  });
});

async function callsOf(stage: string): Promise<number> {
  let count = 0;
  const leaked = await withOne();
  world.cloud.faults.watch = ({ caller }) => {
    if (caller === stage && revoked().length === 0) count += 1;
  };
  await world.check(asked);
  await expectRevoked(leaked);
  world.cloud.faults.watch = () => undefined;
  await world.close();
  return count + 2;
}

async function brokenBy(
  stage: string,
  at: number,
  fault: 'kill-before' | 'kill-after',
): Promise<readonly string[]> {
  const leaked = await withOne();
  let seen = 0;
  const when = ({ caller }: OutsideCall) => {
    if (caller !== stage) return false;
    seen += 1;
    return seen === at + 1;
  };
  world.cloud.faults.add({ when, fault: { do: fault } });
  await world.check(asked).catch(() => undefined);
  // A person whose request came to nothing repeats it.
  if (record().revoking === null) await world.check(asked);
  await world
    .liveUntil(() => revoked().length > 0 && isReplaced(leaked), 4 * hourMs)
    .catch(() => null);
  const is = {
    revoked: revoked(),
    orders: world.cloud.ca.ledger().orders.filter(({ serial }) => serial !== null).length,
    served: [...(await world.served('shop'))],
    isMarked: record().versions[0]?.revokedAt !== undefined,
  };
  const wanted = { revoked: [leaked], orders: 2, served: [inService()], isMarked: true };
  await world.close();
  const found = JSON.stringify(is);
  return found === JSON.stringify(wanted) ? [] : [`${fault} ${at}: ${found}`];
}
