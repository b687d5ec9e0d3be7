import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { refusing } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const addresses = {
  ops: 'ops@certkeep.dev',
  shop: '{address: shop@certkeep.dev, owners: [team-shop]}',
  pay: '{address: pay@certkeep.dev, owners: [team-pay]}',
  pager: '{address: pager@certkeep.dev, severities: [critical]}',
};
type Person = keyof typeof addresses;

const fleet = `
alerts: {email: [${Object.values(addresses).join(', ')}]}
${configText(`
  shop: {names: [shop.example.com], issuer: local, owner: team-shop}
  pay:
    names: [pay.example.com]
    issuer: local
    owner: team-pay
    targets: [{type: alb, listener: "${listenerArn('pay')}"}]
`).replace(/replicas: .*\n/, '')}`;

/** A world in which all have confirmed, and nothing is wrong yet. */
async function begin(): Promise<void> {
  world = await startWorld(fleet);
  for (const { address } of world.landscape.config.alerts.email) world.cloud.sns.confirm(address);
  await world.check();
  expect(subjectsOf('ops')).toHaveLength(1);
  expect(subjectsOf('shop')).toEqual([]);
}

function subjectsOf(person: Person): readonly string[] {
  return world
    .inbox()
    .filter(({ recipients }) => recipients.includes(`${person}@certkeep.dev`))
    .map(({ subject }) => subject ?? '');
}

/** Days pass in which nobody looks at anything; people have heard of that, and of its end. Returns how much they have heard. */
async function untilRenewals(): Promise<number> {
  world.clock.advance(58 * dayMs);
  await world.live(3 * hourMs);
  return world.inbox().length;
}

/** What each has heard since, without digests. */
function heardSince(before: number): Readonly<Record<Person, readonly string[]>> {
  const since = world
    .inbox()
    .slice(before)
    .filter(({ attributes }) => attributes.type !== 'digest');
  const of = (person: Person) =>
    since
      .filter(({ recipients }) => recipients.includes(`${person}@certkeep.dev`))
      .map(({ subject }) => subject ?? '');
  return { ops: of('ops'), shop: of('shop'), pay: of('pay'), pager: of('pager') };
}

const isTold = (text: string) => () => subjectsOf('ops').some((subject) => subject.includes(text));

test('each owner hears of its own certificates until they are well again, and an address without a choice of everything', async () => {
  await begin();
  const refused = refusing('newOrder', { type: 'rejectedIdentifier', status: 400 });
  world.cloud.ca.misbehaviour.add({
    ...refused,
    when: ({ operation, payload }) =>
      operation === 'newOrder' && JSON.stringify(payload).includes('shop.example.com'),
  });
  const before = await untilRenewals();
  await world.liveUntil(isTold('shop cannot be renewed'), 4 * dayMs);
  world.cloud.ca.misbehaviour.clear();
  await world.liveUntil(isTold('well again: shop'), 2 * dayMs);
  const { ops, pager, pay, shop } = heardSince(before);
  expect(shop).toEqual([
    'certkeep warning: shop cannot be renewed by local: IssuerRefused',
    'certkeep well again: shop',
  ]);
  expect([pay, pager]).toEqual([[], []]);
  expect(ops).toEqual(shop);
}, 300_000);

test('what certificates of two owners share reaches both, and its end, too', async () => {
  await begin();
  world.cloud.ca.misbehaviour.add(refusing('newOrder', { type: 'serverInternal', status: 500 }));
  world.clock.advance(61 * dayMs);
  const before = world.inbox().length;
  await world.liveUntil(isTold('2 certificates cannot be renewed'), 2 * dayMs);
  world.cloud.ca.misbehaviour.clear();
  await world.liveUntil(isTold('well again: 2'), 2 * dayMs);
  const { ops, pager, pay, shop } = heardSince(before);
  expect(shop).toEqual([
    'certkeep warning: 2 certificates cannot be renewed by local: IssuerUnreachable',
    'certkeep well again: 2 certificates',
  ]);
  // Nobody looked at the endpoint of pay while the clock jumped.
  const isOfTheJump = (subject: string) => /: certkeep |well again: pay$/.test(subject);
  const others = [pay, ops].map((all) => all.filter((subject) => !isOfTheJump(subject)));
  expect([...others, pager]).toEqual([shop, shop, []]);
}, 300_000);

test('trouble of a certificate that left the configuration reaches its last owner', async () => {
  await begin();
  const before = world.inbox().length;
  await world.reconfigure((text) => text.replace(/ {2}pay:\n( {4}.*\n)+/, ''));
  expect(world.landscape.config.certificates.map(({ id }) => id)).toEqual(['shop']);
  await world.liveUntil(isTold('pay not in the configuration'), 2 * dayMs);
  const { ops, pay, shop } = heardSince(before);
  expect(pay).toEqual(ops);
  expect(shop).toEqual([]);
}, 300_000);
