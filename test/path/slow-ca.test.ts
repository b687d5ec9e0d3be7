import type { Misbehaviour } from 'local-cloud/ca/misbehaviour.ts';
import { afterEach, expect, test } from 'vitest';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { finalized, happened, refusing } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const oneName = configText('  shop: {names: [example.com], issuer: local}\n');

async function start(rule?: Misbehaviour, ca = {}): Promise<void> {
  world = await startWorld(oneName, { ca });
  if (rule) world.cloud.ca.misbehaviour.add(rule);
}

function record(): CertificateRecord {
  return world.record('shop');
}

function asked(operation: string): number {
  return world.cloud.faults.calls.filter((call) => call.operation === operation).length;
}

test('a limit of 34 hours is parked: not slept, not counted, not told, and over when it is over', async () => {
  const limit = refusing(
    'newOrder',
    { type: 'rateLimited', status: 429 },
    { 'retry-after': '122400' },
  );
  await start({ ...limit, times: 1 });
  const begun = world.clock.now();
  await world.check();
  expect(world.clock.now().getTime() - begun.getTime()).toBeLessThan(hourMs);
  const { acquireFailure } = record();
  expect(acquireFailure).toMatchObject({ count: 0, error: 'IssuerRateLimited' });
  expect(Date.parse(acquireFailure?.nextAttemptAt ?? '')).toBeGreaterThanOrEqual(
    begun.getTime() + 34 * hourMs,
  );
  await world.live(5 * hourMs);
  expect(asked('newOrder')).toBe(1);
  expect(happened({ world })).toEqual([]);
  expect(world.told()).toEqual([]);
  world.clock.advance(33 * hourMs);
  await world.check();
  expect(record().desired).not.toBeNull();
});

test('a paused name is critical, and its event has the link of the CA', async () => {
  const link = `https://127.0.0.1/unpause?jwt=${'x'.repeat(2_000)}`;
  const detail = `Your account is temporarily prevented from requesting certificates for example.com. Please visit: ${link}`;
  await start(refusing('newOrder', { type: 'rateLimited', status: 429, detail }));
  await world.check();
  expect(record().acquireFailure?.error).toBe('IssuerRefused');
  expect(world.events()).toMatchObject([
    {
      severity: 'critical',
      summary: 'shop could not be issued: IssuerRefused',
      details: { link },
    },
  ]);
  expect(asked('newOrder')).toBe(1);
});

test('an order that came to nothing keeps no later one from replacing the certificate', async () => {
  await start();
  await world.check();
  world.cloud.ca.misbehaviour.add({
    ...refusing('finalize', { type: 'badCSR', status: 400 }),
    times: 5,
  });
  world.clock.advance(61 * dayMs);
  // Refused five times, the order itself may be the reason: another one begins, and meets the first.
  for (let day = 0; day < 5; day += 1) {
    await world.live(hourMs);
    world.clock.advance(dayMs);
  }
  await world.live(hourMs);
  expect(record().versions).toHaveLength(2);
  expect(world.logs.filter(({ message }) => message === 'ordered without "replaces"')).toHaveLength(
    1,
  );
});

test('a CA that fails at what an order replaces is asked once a run, and the next run does without', async () => {
  await start();
  await world.check();
  const failing = refusing('newOrder', { type: 'serverInternal', status: 500 });
  world.cloud.ca.misbehaviour.add({
    ...failing,
    when: (request) => failing.when(request) && request.payload?.replaces !== undefined,
  });
  world.clock.advance(61 * dayMs);
  const before = asked('newOrder');
  await world.check();
  expect(asked('newOrder') - before).toBe(1);
  await world.live(hourMs / 2);
  expect(record().versions).toHaveLength(2);
  expect(asked('newOrder') - before).toBe(2);
});

test('a storm of refused nonces is lived through, with one order and one certificate', async () => {
  await start(undefined, { nonceRejectPercent: 60, nonceSeed: 7 });
  await world.check();
  await world.live(3 * hourMs);
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(1);
});

test('an order that takes an hour is waited for, which is no failure', async () => {
  await start(undefined, { finalizeMs: hourMs });
  await world.check();
  expect(record()).toMatchObject({ desired: null, acquireFailure: null });
  expect(record().attempt?.waitingSince).not.toBeNull();
  await world.live(2 * hourMs);
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(1);
  expect(happened({ world })).toEqual(['info: shop was issued by local and stored']);
  expect(world.told()).toEqual([]);
});

test('one that takes longer than two is an event, looked at further, and used when it comes', async () => {
  await start(undefined, { finalizeMs: 30 * hourMs });
  await world.check();
  await world.live(3 * hourMs);
  expect(record().acquireFailure?.error).toBe('OrderStuck');
  expect(happened({ world })).toContain('warning: shop could not be issued: OrderStuck');
  world.clock.advance(2 * dayMs);
  await world.live(hourMs);
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(1);
});

test('a CA that limits again whenever its time has come is an event after two hours', async () => {
  const limit = { type: 'rateLimited', status: 429 } as const;
  await start(refusing('newOrder', limit, { 'retry-after': '600' }));
  await world.check();
  await world.live(100 * minuteMs);
  expect(record().acquireFailure).toMatchObject({ error: 'IssuerRateLimited', count: 0 });
  expect(happened({ world })).toEqual([]);
  await world.live(40 * minuteMs);
  expect(happened({ world })).toContain('warning: shop could not be issued: OrderStuck');
  world.cloud.ca.misbehaviour.clear();
  await world.live(3 * hourMs);
  expect(record().versions).toHaveLength(1);
});

test('a CA that dies right after finalize is asked for that very order when it lives again', async () => {
  await start();
  let back: Date | null = null;
  world.cloud.faults.add({
    when: ({ operation, service }) => {
      if (operation === 'finalize') back ??= addMs(world.clock.now(), hourMs / 2);
      return service === 'acme' && back !== null && world.clock.now() < back;
    },
    fault: { do: 'lose-answer' },
    times: Number.POSITIVE_INFINITY,
  });
  await world.check();
  expect(record().desired).toBeNull();
  await world.live(3 * hourMs);
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(1);
  expect(asked('newOrder')).toBe(1);
});
