import { afterEach, describe, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { txtAt } from '#test/support/dns.ts';
import { finalized, happened, refusing, type TwoCas, twoCas } from '#test/support/two-cas.ts';
import { putRecord } from '#test/support/world-records.ts';

let cas: TwoCas;
afterEach(() => cas?.close());

const shop = '  shop: {names: ["*.example.com", example.com], issuer: [first, second]}\n';

function fallback() {
  return cas.world.record('shop').fallbacks.second ?? expect.unreachable('it was looked at');
}

test('an issuer that stands in is proven soon, up to a ready order of one name, and issues nothing', async () => {
  cas = await twoCas(shop);
  await cas.world.check();
  await cas.world.live(hourMs);
  expect(cas.second.ledger().orders).toMatchObject([{ names: ['example.com'], status: 'ready' }]);
  expect(finalized(cas.second)).toBe(0);
  expect(fallback()).toMatchObject({ failures: 0, provenAt: expect.any(String) });
  expect(cas.world.record('shop').txt).toEqual([]);
  expect(txtAt(cas.world, '_acme-challenge.example.com')).toEqual([]);
  expect(happened(cas)).toHaveLength(1);
});

test('it is proven again after a third of the lifetime, and not before', async () => {
  cas = await twoCas(shop, { second: { authzReuse: false } });
  await cas.world.check();
  await cas.world.live(hourMs);
  cas.world.clock.advance(29 * dayMs);
  await cas.world.live(hourMs);
  const orders = () => cas.second.ledger().orders.length;
  expect(orders()).toBe(1);
  cas.world.clock.advance(dayMs);
  await cas.world.live(hourMs);
  expect(orders()).toBe(2);
});

test('one that has never worked is an event once a week, and people hear of it from its third failure until it works', async () => {
  cas = await twoCas(shop);
  cas.second.misbehaviour.add(
    refusing('newOrder', { type: 'caa', status: 403, detail: 'CAA forbids' }),
  );
  await cas.world.check();
  await cas.world.live(hourMs);
  const failed = () => cas.world.events().filter(({ type }) => type === 'failed');
  expect(failed()).toMatchObject([
    {
      severity: 'warning',
      summary: 'second could not take over for the other issuers of shop: IssuerRefused',
      details: { workedLast: 'never' },
    },
  ]);
  expect(cas.world.told()).toEqual([]);
  for (let day = 0; day < 6; day += 1) {
    cas.world.clock.advance(dayMs);
    await cas.world.check();
  }
  expect(fallback().failures).toBe(7);
  expect(failed()).toHaveLength(1);
  expect(cas.world.told()[0]).toBe(
    'certkeep warning: shop cannot be renewed by second: IssuerRefused',
  );
  cas.world.clock.advance(dayMs);
  await cas.world.check();
  expect(failed()).toHaveLength(2);
  cas.second.misbehaviour.clear();
  cas.world.clock.advance(dayMs);
  await cas.world.check();
  expect(fallback()).toMatchObject({ failures: 0, failure: null });
  await cas.world.check();
  expect(cas.world.told().at(-1)).toBe('certkeep well again: shop');
});

test('CAA that names another CA is found before anything is ordered there', async () => {
  cas = await twoCas(shop);
  await cas.world.check();
  const value = '0 issue "other.example"';
  await putRecord(cas.world.cloud, 'example.com', 'UPSERT', 'example.com', 'CAA', [value]);
  await cas.world.live(hourMs);
  expect(fallback().failure).toMatchObject({ error: 'CaaForbids' });
  expect(cas.second.ledger().orders).toEqual([]);
});

test('a CA that is slow is looked at again within the hour, and told when it stays so', async () => {
  cas = await twoCas(shop);
  cas.second.misbehaviour.add({
    when: ({ operation }) => operation === 'order' || operation === 'newOrder',
    reply: async (usual) => {
      const reply = await usual();
      return { ...reply, body: { ...(reply.body as object), status: 'pending' } };
    },
  });
  await cas.world.check();
  await cas.world.live(2 * hourMs);
  expect(fallback().failures).toBeGreaterThanOrEqual(2);
  expect(happened(cas)).toHaveLength(1);
  await cas.world.live(4 * hourMs);
  expect(happened(cas)).toContainEqual(expect.stringContaining('OrderTimedOut'));
  expect(cas.world.told()).toContainEqual(expect.stringContaining('OrderTimedOut'));
});

test('one that limits is asked again when it said', async () => {
  cas = await twoCas(shop);
  const limit = refusing(
    'newOrder',
    { type: 'rateLimited', status: 429 },
    { 'retry-after': '72000' },
  );
  cas.second.misbehaviour.add(limit);
  await cas.world.check();
  await cas.world.live(3 * hourMs);
  expect(fallback()).toMatchObject({ failures: 1, failure: { error: 'IssuerRateLimited' } });
  expect(happened(cas)).toHaveLength(1);
  expect(cas.world.told()).toEqual([]);
});

test('a certificate with one issuer orders nothing it does not need', async () => {
  cas = await twoCas('  shop: {names: [example.com], issuer: first}\n');
  await cas.world.check();
  await cas.world.live(7 * hourMs);
  expect(cas.second.ledger().orders).toEqual([]);
  expect(cas.world.cloud.s3.keysOf(cas.world.names.bucket)).not.toContain('issuers/first.json');
});

describe('a staging issuer', () => {
  const staging = { issuers: { second: { staging: true } } };

  test('never takes the place of one that clients trust: told, and nothing ordered', async () => {
    cas = await twoCas('  shop: {names: [example.com], issuer: first}\n', staging);
    await cas.world.check();
    const { desired } = cas.world.record('shop');
    await cas.world.reconfigure((text) => text.replace('issuer: first', 'issuer: second'));
    await cas.world.live(hourMs);
    expect(cas.second.ledger().orders).toEqual([]);
    expect(cas.world.record('shop')).toMatchObject({
      desired,
      acquireFailure: { error: 'StagingRefused' },
    });
    expect(cas.world.told()).toEqual([
      'certkeep warning: shop cannot be renewed by second: StagingRefused',
    ]);
  });

  test('issues what was staging before, and is replaced by one that clients trust', async () => {
    cas = await twoCas('  shop: {names: [example.com], issuer: second}\n', staging);
    await cas.world.check();
    await cas.world.check({ certificates: ['shop'], force: true, reason: 'trying out' });
    expect(finalized(cas.second)).toBe(2);
    await cas.world.reconfigure((text) => text.replace('issuer: second', 'issuer: first'));
    await cas.world.check();
    const { desired, versions } = cas.world.record('shop');
    expect(versions.map(({ origin }) => origin?.staging)).toEqual([true, true, false]);
    expect(versions.find(({ id }) => id === desired)?.issuer).toBe('first');
  });
});

test('an authorization that has expired there is known as what it is', async () => {
  cas = await twoCas(shop);
  cas.second.misbehaviour.add({
    when: ({ operation }) => operation === 'authz',
    reply: async (usual) => {
      const reply = await usual();
      return { ...reply, body: { ...(reply.body as object), status: 'expired' } };
    },
  });
  await cas.world.check();
  await cas.world.live(hourMs);
  expect(fallback().failure).toMatchObject({
    error: 'OrderTimedOut',
    message: 'the authorization of example.com has expired',
  });
});
