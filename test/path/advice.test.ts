import type { ToldRenewalInfo } from 'local-cloud/ca/book.ts';
import { afterEach, describe, expect, test } from 'vitest';
import type { RenewalInfoState, Version } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const oneName = configText('  shop: {names: [example.com], issuer: local}\n');

function version(): Version {
  const { desired, versions } = world.record('shop');
  return versions.find(({ id }) => id === desired) ?? expect.unreachable('it is issued');
}

function advice(): RenewalInfoState {
  return world.record('shop').renewalInfo ?? expect.unreachable('the CA was asked');
}

/** Issues and lets the CA say this about the certificate from then on. */
async function issuedAndTold(told: ToldRenewalInfo, options = {}): Promise<void> {
  world = await startWorld(oneName, options);
  await world.check();
  world.cloud.ca.tellRenewalInfo(version().serial, told);
  world.clock.advance(2 * dayMs);
}

function windowAt(startMs: number, endMs: number): ToldRenewalInfo {
  const at = (ms: number) => addMs(new Date('2026-11-22T03:00:00Z'), ms).toISOString();
  return { body: { suggestedWindow: { start: at(startMs), end: at(endMs) } } };
}

function asked(): number {
  return world.cloud.faults.calls.filter(({ operation }) => operation === 'renewalInfo').length;
}

const revocations = () => world.events().filter(({ type }) => type === 'revoked');

const orders = () => world.cloud.ca.ledger().orders;

test('the CA is asked by the next check, and then as often as it says', async () => {
  world = await startWorld(oneName);
  await world.check();
  expect(asked()).toBe(0);
  await world.check();
  const { window } = advice();
  expect(Date.parse(window?.selected ?? '')).toBeGreaterThanOrEqual(
    Date.parse(window?.start ?? ''),
  );
  expect(Date.parse(window?.selected ?? '')).toBeLessThan(Date.parse(window?.end ?? ''));
  await world.live(dayMs);
  expect(asked()).toBeGreaterThanOrEqual(4);
  expect(asked()).toBeLessThanOrEqual(5);
  expect(advice().window).toEqual(window);
  expect(orders()).toHaveLength(1);
});

test('asking needs no account, key or nonce', async () => {
  world = await startWorld(oneName);
  await world.check();
  const before = world.cloud.faults.calls.length;
  await world.check();
  const acme = world.cloud.faults.calls
    .slice(before)
    .filter(({ service }) => service === 'acme')
    .map(({ operation }) => operation);
  expect(acme).toEqual(['renewalInfo']);
});

test('an answer that changes nothing costs one read of the record and one write, and no lease', async () => {
  world = await startWorld(oneName);
  await world.check();
  // The copies are complete.
  await world.live(2 * hourMs);
  const { leases } = world.record('shop');
  world.clock.advance(7 * hourMs);
  const before = world.cloud.faults.calls.length;
  await world.check();
  expect(asked()).toBe(2);
  const ofIssue = world.cloud.faults.calls
    .slice(before)
    .filter(({ caller }) => caller === 'issue')
    .map(({ operation, input }) => {
      const { Key = '' } = Object(input);
      return `${operation} ${Key}`.trim();
    });
  const reads = ofIssue.filter((call) => call.startsWith('GetObject'));
  expect(new Set(reads).size).toBe(reads.length);
  expect(ofIssue.filter((call) => !call.startsWith('GetObject'))).toEqual([
    'renewalInfo',
    'PutObject records/issue/shop.json',
  ]);
  expect(world.record('shop').leases).toEqual(leases);
  expect(advice().askedAt).toBe(world.record('shop').updatedAt);
});

test('a window under way is followed at the time drawn, with an order that says what it replaces', async () => {
  await issuedAndTold(windowAt(2 * dayMs, 2 * dayMs + 2 * hourMs));
  const { renewalId } = version();
  await world.check();
  expect(orders()).toHaveLength(1);
  world.clock.advance(2 * hourMs);
  await world.check();
  expect(orders()).toMatchObject([{ replaces: null }, { replaces: renewalId, status: 'valid' }]);
  expect(world.record('shop').history.map(({ why }) => why)).toContainEqual(
    expect.stringContaining('the CA advises renewal between'),
  );
  expect(revocations()).toEqual([]);
});

test('a window in the past renews at once, and its event says that it may be a revocation', async () => {
  const { body } = windowAt(-2 * hourMs, -hourMs);
  // Of the CA itself: a page elsewhere is not shown (test/wire/acquire/issuers/renewal-info.test.ts).
  const explanationURL = 'https://127.0.0.1/incident-7';
  await issuedAndTold({ body: { ...(body as object), explanationURL } });
  await world.check();
  expect(orders()).toMatchObject([{}, { status: 'valid' }]);
  expect(revocations()).toMatchObject([
    {
      severity: 'warning',
      summary: 'shop may have been revoked: local asks for its renewal at once',
    },
  ]);
  expect(JSON.stringify(revocations())).toContain(explanationURL);
  await world.live(6 * hourMs);
  expect(orders()).toHaveLength(2);
});

test('a revocation that is suspected on the first day is told once, and followed after it', async () => {
  world = await startWorld(oneName);
  await world.check();
  const { body } = windowAt(-2 * hourMs, -hourMs);
  world.cloud.ca.tellRenewalInfo(version().serial, { body, retryAfter: '3600' });
  for (let hour = 0; hour < 22; hour += 2) {
    world.clock.advance(2 * hourMs);
    await world.check();
  }
  expect(orders()).toHaveLength(1);
  expect(asked()).toBeGreaterThan(5);
  const told = world.record('shop').history.filter(({ what }) => what === 'revoked');
  expect(told).toHaveLength(1);
  world.clock.advance(3 * hourMs);
  await world.check();
  expect(orders()).toHaveLength(2);
});

test('a CA that advises against all it issues is followed once a day', async () => {
  world = await startWorld(oneName);
  const past = windowAt(-2 * hourMs, -hourMs);
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'renewalInfo',
    reply: () => ({ status: 200, headers: { 'retry-after': '60' }, body: past.body }),
  });
  await world.check();
  for (let hours = 0; hours < 60; hours += 2) {
    world.clock.advance(2 * hourMs);
    await world.check();
  }
  expect(orders()).toHaveLength(3);
});

describe.each<[string, ToldRenewalInfo, string]>([
  ['inverted', windowAt(9 * dayMs, 8 * dayMs), 'before it begins'],
  ['without a start', { body: { suggestedWindow: { end: '2026-12-01T00:00:00Z' } } }, 'start'],
  ['of no times', { body: { suggestedWindow: { start: 'soon', end: 'later' } } }, 'start'],
  [
    'beyond what a record can hold',
    {
      body: {
        suggestedWindow: { start: '9999-12-31T00:00:00Z', end: '9999-12-31T23:59:00-12:00' },
      },
    },
    'after the year 9999',
  ],
  ['that is a page', { body: '<html>' }, 'malformed JSON'],
  ['that is gone', { status: 404, body: { detail: 'no such certificate' } }, 'no such certificate'],
  ['of a CA that is down', { status: 500, body: {} }, 'HTTP status 500'],
])('a window %s', (_, told, why) => {
  test('is ignored and logged, asked for again later, and does not keep from renewing', async () => {
    await issuedAndTold(told);
    await world.check();
    expect(advice()).toMatchObject({
      window: null,
      failures: 1,
      failure: { message: expect.stringContaining(why) },
    });
    expect(world.logs.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: 'the CA could not be asked about the certificate', about: 'renewal-info' },
    ]);
    expect(orders()).toHaveLength(1);
    world.clock.advance(60 * dayMs);
    await world.check();
    expect(orders()).toHaveLength(2);
  });
});

test.each([
  ['1', minuteMs],
  ['604800', dayMs],
  [null, 6 * hourMs],
])('a Retry-After of %s is kept within bounds', async (retryAfter, expected) => {
  await issuedAndTold({ ...windowAt(50 * dayMs, 51 * dayMs), retryAfter });
  await world.check();
  const { updatedAt } = world.record('shop');
  const waitMs = Date.parse(advice().nextCheckAt) - Date.parse(updatedAt);
  expect(Math.abs(waitMs - expected)).toBeLessThan(5_000);
});

test('a CA without renewal information is asked for nothing but its directory', async () => {
  world = await startWorld(oneName, { ca: { renewalInfo: false } });
  await world.check();
  // Longer than a CA is left alone that says nothing.
  await world.live(7 * hourMs);
  expect(asked()).toBe(0);
  expect(advice().window).toBeNull();
  world.clock.advance(60 * dayMs);
  await world.check();
  expect(orders()).toMatchObject([{ replaces: null }, { replaces: null }]);
});

test('what a CA wants replaced at one certificate has all of its others asked about with the next check', async () => {
  const ids = ['shop', 'a', 'b', 'c'];
  const text = ids.map((id) => `  ${id}: {names: [${id}.example.com], issuer: local}\n`);
  world = await startWorld(configText(text.join('')));
  await world.check();
  const serials = ids.map((id) => {
    const { desired, versions } = world.record(id);
    return versions.find((each) => each.id === desired)?.serial ?? expect.unreachable();
  });
  const first = new Map(ids.map((id) => [id, world.record(id).desired]));
  // One is asked about after an hour, the others after six.
  const [soon = '', ...others] = serials;
  const later = windowAt(50 * dayMs, 52 * dayMs);
  world.cloud.ca.tellRenewalInfo(soon, { ...later, retryAfter: '3600' });
  for (const serial of others) world.cloud.ca.tellRenewalInfo(serial, later);
  world.clock.advance(2 * dayMs);
  await world.live(30 * minuteMs);
  const at = world.clock.now().getTime();
  for (const serial of serials) {
    world.cloud.ca.tellRenewalInfo(serial, windowAt(dayMs, 1.5 * dayMs));
  }
  const isReplaced = (id: string) => world.record(id).desired !== first.get(id);
  await world.live(hourMs + 20 * minuteMs);
  expect(ids.filter(isReplaced)).toEqual(ids);
  expect(world.clock.now().getTime() - at).toBeLessThan(2 * hourMs);
  const told = world.told().filter((subject) => /replace|revoke/i.test(subject));
  expect(told.length, told.join()).toBeLessThanOrEqual(ids.length);
});
