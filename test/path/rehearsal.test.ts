import { afterEach, describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { txtAt } from '#test/support/dns.ts';
import { isFull } from '#test/support/full.ts';
import { killedAtEach, type Story } from '#test/support/killed-at-each.ts';
import { refusing } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { ledgerBucket } from '#test/support/world-objects.ts';
import { putRecord } from '#test/support/world-records.ts';

let world: World;
afterEach(() => world?.close());

const source = `
home: {account: "123456789012", region: us-east-1}
issuers:
  ca:
    type: acme
    directory: letsencrypt
    termsOfServiceAgreed: true
    limits: {orders: 300 per 3h, certificatesPerNames: 5 per 7d}
solvers:
  - type: route53
certificates:
  shop: {names: [example.com, "*.example.com", shop.example.net], issuer: ca}
`;
const asked = { certificates: ['shop'], reason: 'before the freeze', rehearse: true };

/** A world in which shop is issued, long before its next renewal. */
async function served(): Promise<World> {
  world = await startWorld(source, { staging: { authzReuse: false } });
  await world.check();
  await world.live(20 * minuteMs);
  return world;
}

const record = () => world.record('shop');
const staging = () => world.staging ?? expect.unreachable('there is a staging directory');
const real = () => world.cloud.ca.ledger().orders;
const orders = () => staging().ledger().orders;
const values = () =>
  ['example.com', 'shop.example.net'].flatMap((name) => txtAt(world, `_acme-challenge.${name}`));
const said = () => record().history.at(-1);

/** What a rehearsal leaves alone, whatever becomes of it. */
function untouched() {
  const { attempt, acquireFailure, desired, txt } = record();
  const finalized = orders().filter(({ finalizedTimes }) => finalizedTimes > 0);
  const state = { attempt, acquireFailure, desired, txt, finalized, values: values() };
  return { ...state, orders: real().length, events: world.events().length, told: world.told() };
}

async function conditions(): Promise<unknown> {
  const { certificates } = JSON.parse(ledgerBucket(world).text('status/status.json'));
  return certificates.map(({ conditions: open, id, state }: Record<string, unknown>) => [
    ...[id, state, open],
  ]);
}

describe('a renewal that a person wants rehearsed', () => {
  test('proves all names at the staging directory, issues nothing, and takes nothing of a limit', async () => {
    await served();
    const before = untouched();
    const limits = ledgerBucket(world);
    const [book = ''] = await limits.keys('budgets/');
    const taken = limits.text(book);
    await world.check(asked);
    expect(record().rehearsed).toMatchObject({ names: 3, validated: 3, failure: null, tries: 1 });
    expect(orders()).toMatchObject([
      { status: 'ready', names: expect.arrayContaining(['*.example.com']) },
    ]);
    expect(said()).toMatchObject({
      what: expect.stringMatching(
        /^rehearsal passed at 127\.0\.0\.1:\d+: all 3 names were validated$/,
      ),
      ...{ stage: 'issue', why: 'before the freeze' },
    });
    await world.live(hourMs);
    expect(untouched()).toEqual(before);
    expect(limits.text(book)).toBe(taken);
    expect(await limits.keys('budgets/')).toEqual([book]);
    expect(orders()).toHaveLength(1);
  });

  test('and that fails by CAA stops nothing, is no condition, and is not repeated', async () => {
    await served();
    const before = untouched();
    const well = await conditions();
    await putRecord(world.cloud, 'example.com', 'UPSERT', 'example.com', 'CAA', [
      '0 issue "other.example"',
    ]);
    world.clock.advance(minuteMs);
    await world.check(asked);
    expect(record().rehearsed?.failure).toMatchObject({
      error: 'CaaForbids',
      message: expect.stringContaining('example.com: CAA at example.com: issue "other.example"'),
    });
    expect(said()?.what).toMatch(/^rehearsal failed at 127\.0\.0\.1:\d+: CaaForbids: /);
    const { tries } = record().rehearsed ?? {};
    await world.live(hourMs);
    expect(record().rehearsed?.tries).toBe(tries);
    expect(orders()).toEqual([]);
    expect(untouched()).toEqual(before);
    expect(await conditions()).toEqual(well);
  });

  test('and whose values are out when the CA refuses leaves none of them', async () => {
    await served();
    const before = untouched();
    staging().misbehaviour.add(refusing('challenge', { type: 'unauthorized', status: 403 }));
    await world.check(asked);
    expect(record().rehearsed?.failure).toMatchObject({ error: 'IssuerRefused' });
    expect(untouched()).toEqual(before);
  });

  test('waits for a real order that is due', async () => {
    await served();
    await world.startCheck({ certificates: ['shop'], reason: 'leaked', force: true });
    await world.check(asked);
    await world.live(hourMs);
    const [, second] = record().versions;
    expect(record().rehearsed).toMatchObject({ failure: null, validated: 3 });
    expect(second?.issuedAt).toBeDefined();
    expect((record().rehearsed?.triedAt ?? '') > (second?.issuedAt ?? '')).toBe(true);
  });
});

/** One in so many calls is struck; `KILLS=1` strikes each. */
const every = Number(process.env.KILLS ?? 41);

describe('killed at any call after the wish, it ends all the same, and leaves no value', () => {
  test('issue', { timeout: 900_000 }, async () => {
    expect(await killedAtEach('issue', story, { every, withinMs: 4 * hourMs })).toEqual([]);
  });
  test.skipIf(!isFull)('check', { timeout: 900_000 }, async () => {
    expect(await killedAtEach('check', story, { every, withinMs: 4 * hourMs })).toEqual([]);
  });
});

const story: Story = {
  start: served,
  async ask() {
    await world.check(asked).catch(() => undefined);
    // A person whose request came to nothing repeats it.
    if (record().rehearsing === null) await world.check(asked);
  },
  isOver: () => (record().rehearsed?.doneAt ?? null) !== null && record().txt.length === 0,
  async facts() {
    const { failure, names } = record().rehearsed ?? {};
    const { attempt, finalized, orders: issued, told, txt, values: out } = untouched();
    return { attempt, failure, finalized, issued, names, told, txt, out };
  },
};
