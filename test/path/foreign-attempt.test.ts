import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Attempt, CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { hourMs } from '#shared/time/clock.ts';
import { createCsr, createKey } from '#shared/x509/csr.ts';
import { readCsr } from '#shared/x509/read-csr.ts';
import { configText } from '#test/support/fleet.ts';
import { forgeRecord } from '#test/support/forge-record.ts';
import { attemptOf } from '#test/support/healthy.ts';
import { happened } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';

const names = ['example.com'];
const forgedId = '00000000-0000-4000-8000-000000000000';

let world: World;
beforeEach(async () => {
  world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'));
});
afterEach(() => world?.close());

function thiefsCsr(asked: readonly string[] = names): string {
  return createCsr(createKey('ecdsa-p256'), asked);
}

function forged(change: Partial<Attempt> = {}): Attempt {
  return attemptOf({ id: forgedId, names, csr: thiefsCsr(), keyStored: true, ...change });
}

/** Whoever may write to the bucket. */
async function write(change: Partial<CertificateRecord>): Promise<void> {
  await forgeRecord(world, 'shop', (record) => ({ ...record, ...change }));
}

function finalizedWith(): readonly string[] {
  return world.cloud.faults.calls
    .filter(({ operation }) => operation === 'finalize')
    .map(({ input }) => (input as { csr: string }).csr);
}

function publicKeys(): ReadonlySet<string> {
  return new Set(finalizedWith().map((csr) => readCsr(csr).publicKey.toString('hex')));
}

const asked = (operation: string) =>
  world.cloud.faults.calls.filter((call) => call.operation === operation).length;

const force = () => ({
  forced: { at: world.clock.now().toISOString(), reason: 'a reason to issue' },
});

const refused = 'critical: shop could not be renewed: AttemptNotOurs';

describe('a CSR that somebody else wrote into the record', () => {
  test('of a certificate that was never issued is not sent; it is told, and the next attempt has a key of its own', async () => {
    const attempt = forged();
    await write({ attempt });
    await world.check();
    expect([asked('newOrder'), asked('finalize')]).toEqual([0, 0]);
    expect(happened({ world })).toEqual(['critical: shop could not be issued: AttemptNotOurs']);
    const record = world.record('shop');
    expect(record.acquireFailure).toMatchObject({
      error: 'AttemptNotOurs',
      message: expect.stringContaining('its CSR is for another key'),
    });
    expect(record.attempt?.id).not.toBe(attempt.id);
    expect(record.attempt).toMatchObject({ csr: null, orderUrl: null, keyStored: false });
    expect(world.logs.filter(({ level }) => level === 'error')).toMatchObject([
      { stage: 'issue', certificate: 'shop', outcome: 'AttemptNotOurs' },
    ]);
    await world.live(hourMs);
    expect(world.told()).toEqual([
      'certkeep critical: shop cannot be issued: AttemptNotOurs',
      'certkeep well again: shop',
    ]);
    expect(world.record('shop').versions).toHaveLength(1);
    expect(finalizedWith()).not.toContain(attempt.csr);
  });

  test('where a renewal is due is not sent', async () => {
    await world.check();
    const attempt = forged();
    await write({ attempt, ...force() });
    await world.check();
    expect([asked('newOrder'), asked('finalize')]).toEqual([1, 1]);
    expect(happened({ world }).at(-1)).toBe(refused);
    await world.live(hourMs);
    expect(world.record('shop').versions).toHaveLength(2);
    expect(finalizedWith()).not.toContain(attempt.csr);
  });

  test('where nothing is due leads to no order', async () => {
    await world.check();
    await write({ attempt: forged() });
    await world.live(hourMs);
    expect(world.record('shop').attempt).toBeNull();
    expect([asked('newOrder'), asked('finalize')]).toEqual([1, 1]);
  });

  test('with an order that has its certificate is an event with order and serial', async () => {
    await world.check();
    const [version] = world.record('shop').versions as [Version];
    const { orderUrl, serial } = version;
    await write({ attempt: forged({ orderUrl }) });
    await world.check();
    expect(happened({ world }).at(-1)).toBe(refused);
    expect(world.record('shop').acquireFailure?.message).toContain(
      `order ${orderUrl} has the certificate with serial ${serial}, for another key`,
    );
    await world.live(hourMs);
    expect(world.record('shop').versions).toEqual([version]);
    expect([asked('newOrder'), asked('finalize')]).toEqual([1, 1]);
  });

  test('with an order at another host leads to no request there, and to no order', async () => {
    await world.check();
    await write({ attempt: forged({ orderUrl: 'https://127.0.0.1:1/order/1' }) });
    await world.live(hourMs);
    expect(happened({ world }).filter((each) => each === refused)).toHaveLength(1);
    expect(world.events().at(-1)?.details.message).toContain('the CA knows no order');
    expect(world.record('shop').attempt).toBeNull();
    expect([asked('newOrder'), asked('finalize')]).toEqual([1, 1]);
  });
});

describe('an attempt with the id of a version, whose key may have leaked', () => {
  async function renewed(): Promise<string> {
    await world.check();
    const first = world.record('shop').desired ?? '';
    await world.check({ certificates: ['shop'], force: true, reason: 'the key leaked' });
    expect(publicKeys().size).toBe(2);
    return first;
  }

  test('does not bring that key back', async () => {
    const first = await renewed();
    await write({ attempt: forged({ id: first, csr: null }), ...force() });
    await world.live(hourMs);
    expect(world.record('shop').versions).toHaveLength(3);
    expect(publicKeys().size).toBe(3);
  });

  test('nor where the record does not know the version any more', async () => {
    const first = await renewed();
    const versions = world.record('shop').versions.filter(({ id }) => id !== first);
    await write({ versions, attempt: forged({ id: first, csr: null }), ...force() });
    await world.check();
    expect(happened({ world }).at(-1)).toBe(refused);
    await world.live(hourMs);
    expect(publicKeys().size).toBe(3);
  });

  test('nor with the CSR that it had', async () => {
    const first = await renewed();
    const [csr = null] = finalizedWith();
    const versions = world.record('shop').versions.filter(({ id }) => id !== first);
    await write({ versions, attempt: forged({ id: first, csr }), ...force() });
    await world.live(hourMs);
    expect(happened({ world })).toContain(refused);
    expect(publicKeys().size).toBe(3);
  });
});
