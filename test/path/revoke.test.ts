import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { isFull } from '#test/support/full.ts';
import { killedAtEach, type Story } from '#test/support/killed-at-each.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { ledgerBucket } from '#test/support/world-objects.ts';

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
    expect(told().at(-1)).toMatch(/well again: shop/);
  });

  test('is asked for at once where a person has mended the cause', async () => {
    const leaked = await withOne();
    world.cloud.faults.add({
      when: ({ operation }) => operation === 'revokeCert',
      fault: { do: 'refuse', code: 'urn:ietf:params:acme:error:unauthorized', status: 403 },
      times: 3,
    });
    await world.check(asked);
    await world.live(hourMs);
    // The next try comes 100 minutes after the third.
    expect(record().revokeTried?.failure?.count).toBe(3);
    expect(revoked()).toEqual([]);
    await world.check({ certificates: ['shop'], reason: 'the account is mended', retry: true });
    expect(revoked()).toEqual([leaked]);
  });

  test('is the one of the record, or none: another certificate in its place is not sent', async () => {
    await withOne();
    const bucket = ledgerBucket(world);
    const other = await makeCertificate({ names: ['example.com'], now: world.clock.now() });
    const { certificate } = publicPartKeys('shop', record().desired ?? '');
    await world.check({ certificates: ['shop'], reason, force: true });
    await world.live(hourMs / 2);
    await bucket.put(certificate, other.certificatePem);
    const [first] = record().versions;
    await world.check({ ...asked, version: first?.id });
    await world.live(hourMs);
    expect(calls('revokeCert')).toEqual([]);
    expect(record().revokeTried?.failure).toMatchObject({ error: 'NotRevoked' });
  });
});

describe('one whose revocation is interrupted is revoked once', () => {
  test.each(['kill-before', 'kill-after', 'lose-answer'] as const)('%s', async (fault) => {
    const leaked = await withOne();
    world.cloud.faults.add({
      when: ({ operation }) => operation === 'revokeCert',
      fault: { do: fault },
    });
    await world.check(asked);
    await expectRevoked(leaked);
    await world.live(hourMs);
    expect(record().versions[0]?.revokedAt).toBeDefined();
    expect(record().revokeTried).toMatchObject({ failure: null });
  });
});

test('a second revocation waits for the first, and says so', async () => {
  const leaked = await withOne();
  await world.check({ certificates: ['shop'], reason, force: true });
  await world.liveUntil(() => isReplaced(leaked), hourMs);
  const [first, second] = record().versions;
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'revokeCert',
    fault: { do: 'refuse', code: 'urn:ietf:params:acme:error:serverInternal', status: 500 },
  });
  await world.check({ ...asked, version: first?.id });
  await world.check({ ...asked, version: second?.id });
  expect(record().revoking?.versionId).toBe(first?.id);
  expect(world.logs.map(({ reason: why }) => why)).toContain(
    `Nothing was done: shop: ${first?.id} is to be revoked first, once its successor is served.`,
  );
});

/** One in so many calls is struck; `KILLS=1` strikes each. */
const every = Number(process.env.KILLS ?? 61);

describe.skipIf(!isFull)('killed at any call after the wish, it is revoked all the same', () => {
  test.each(['check', 'issue', 'deploy', 'verify'])('%s', { timeout: 900_000 }, async (stage) => {
    expect(await killedAtEach(stage, story, { every, withinMs: 4 * hourMs })).toEqual([]);
  });
});

const story: Story = {
  async start() {
    await withOne();
    return world;
  },
  async ask() {
    await world.check(asked).catch(() => undefined);
    // A person whose request came to nothing repeats it.
    if (record().revoking === null) await world.check(asked);
  },
  isOver: () => record().versions[0]?.revokedAt !== undefined && isReplaced(serials()[0] ?? ''),
  async facts() {
    const issued = world.cloud.ca.ledger().orders.filter(({ serial }) => serial !== null);
    const at = (serial: string | null) => serials().indexOf(serial ?? '');
    const served = [...(await world.served('shop'))].map(at);
    return { revoked: revoked().map(at), issued: issued.length, served };
  },
};
