import { afterEach, expect, test } from 'vitest';
import type { Status } from '#shared/status/status-schema.ts';
import { dayMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { type TaggedListener, taggedListener } from '#test/support/tagged-listener.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { ledgerBucket } from '#test/support/world-objects.ts';

let world: World;
afterEach(() => world?.close());

const wanted = 'certkeep:certificate';

/** A round of looks begins every 20 to 35 minutes. */
const aRound = 40 * minuteMs;

const certificates = `
  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}
  docs: {names: [docs.example.com], issuer: local}
`;

const text = (discovery: string) => `${configText(certificates)}\ndiscovery: ${discovery}\n`;

const found = (): Status['discovered'] =>
  JSON.parse(ledgerBucket(world).text('status/status.json')).discovered;
const newest = (id: string) => world.record(id).versions.at(-1)?.serial;

function decide(wish: 'approve' | 'withdraw', { listener }: TaggedListener, certificate = 'docs') {
  const reason = 'it is ours';
  return world.check({ certificates: [certificate], resource: listener, reason, [wish]: true });
}

/** Between the days no function runs, of which people hear besides. */
const toldOfTags = () => world.told().filter((subject) => / a tag that /.test(subject));

/** What functions of ours asked for that names the listener. */
function asked({ listener }: TaggedListener, operation: RegExp): number {
  return world.cloud.faults.calls.filter(
    (call) =>
      call.caller !== null &&
      operation.test(call.operation) &&
      JSON.stringify(call.input ?? '').includes(listener),
  ).length;
}

async function nextDays(count: number): Promise<void> {
  for (let day = 0; day < count; day += 1) {
    await world.live(aRound);
    world.clock.advance(dayMs - aRound);
  }
  await world.live(aRound);
}

/** A world with a listener of somebody else that asks for docs. */
async function tagged(discovery: string): Promise<TaggedListener> {
  world = await startWorld(text(discovery));
  await world.check();
  const theirs = await taggedListener(world, 'theirs');
  await theirs.tag({ [wanted]: 'docs' });
  return theirs;
}

test('a tagged listener of somebody else is shown and told once, and not touched', async () => {
  const theirs = await tagged('approve');
  await nextDays(2);
  expect(found()).toEqual([
    {
      arn: theirs.listener,
      place: '000000000000/us-east-1',
      certificate: 'docs',
      state: 'waiting',
    },
  ]);
  expect(toldOfTags()).toEqual([
    'certkeep warning: certkeep has found a tag that waits for approval: AwaitsApproval',
  ]);
  expect(await theirs.held()).toEqual({ default: theirs.own, list: [] });
  // Its name stands in what the tagging API answers, and in no call of ours.
  expect(asked(theirs, /^(?:Describe|Modify|Add|Remove|Set)/)).toBe(0);
});

test('approved, it is bound, proven and renewed like any target', async () => {
  const theirs = await tagged('approve');
  await world.live(aRound);
  await decide('approve', theirs);
  await world.live(aRound);
  expect(found()?.map(({ state }) => state)).toEqual(['approved']);
  expect(Object.values(world.record('docs').deployments).map(({ state }) => state)).toEqual([
    'proven',
  ]);
  const [arn] = Object.values(world.record('docs').imports).map((each) => each.arn);
  expect(await theirs.held()).toEqual({ default: theirs.own, list: [arn] });
  expect(await theirs.serial('docs.example.com')).toBe(newest('docs'));
  expect(world.told().at(-1)).toMatch(/^(?:certkeep )?well again: certkeep \(Discovered theirs\//);
  expect(world.record('docs').history.map(({ what }) => what)).toContainEqual(
    expect.stringMatching(`^approve of ${theirs.listener} by run `),
  );
  const first = newest('docs');
  world.clock.advance(61 * dayMs);
  await world.live(aRound);
  expect(newest('docs')).not.toBe(first);
  expect(await theirs.serial('docs.example.com')).toBe(newest('docs'));
});

test('untagged, it is left as it is, and people are told', async () => {
  const theirs = await tagged('approve');
  await world.live(aRound);
  await decide('approve', theirs);
  await world.live(aRound);
  const held = await theirs.held();
  await theirs.untag(wanted);
  await nextDays(1);
  expect(found()?.map(({ state }) => state)).toEqual(['untagged']);
  expect(toldOfTags().slice(1)).toEqual([
    'certkeep warning: certkeep misses a tag that was approved: TagRemoved',
  ]);
  expect(await theirs.held()).toEqual(held);
  await decide('withdraw', theirs);
  await world.live(aRound);
  expect(await theirs.held()).toEqual(held);
  expect(found()).toEqual([]);
});

test('with trust, the tag suffices, until a person says no', async () => {
  const theirs = await tagged('trusted');
  await world.live(aRound);
  expect(found()?.map(({ state }) => state)).toEqual(['approved']);
  expect(await theirs.serial('docs.example.com')).toBe(newest('docs'));
  expect(toldOfTags()).toEqual([]);
  await decide('withdraw', theirs);
  await world.live(aRound);
  expect(found()?.map(({ state }) => state)).toEqual(['withdrawn']);
});

test('a tag that is moved to another certificate takes another approval, and the first one counts for no change', async () => {
  const theirs = await tagged('approve');
  await world.live(aRound);
  await decide('approve', theirs);
  await world.live(aRound);
  const held = await theirs.held();
  await theirs.tag({ [wanted]: 'shop' });
  // Somebody takes the certificate away: deploy would put it back where the tag still asked for it.
  await theirs.reset();
  await world.live(2 * aRound);
  expect(found()?.map(({ state }) => state)).toEqual(['changed']);
  expect(await theirs.held()).toEqual({ default: theirs.own, list: [] });
  expect(world.told().some((subject) => subject.endsWith(': NotTagged'))).toBe(true);
  await decide('approve', theirs, 'shop');
  await world.live(aRound);
  expect((await theirs.held()).list).toEqual(
    Object.values(world.record('shop').imports).map(({ arn }) => arn),
  );
  expect((await theirs.held()).list).not.toEqual(held.list);
});

test('what nobody has tagged, or what the tag no longer names, cannot be approved', async () => {
  const theirs = await tagged('approve');
  await world.live(aRound);
  await theirs.tag({ [wanted]: 'shop' });
  await world.live(aRound);
  await decide('approve', theirs);
  await world.check({
    certificates: ['docs'],
    resource: theirs.loadBalancer,
    reason: 'it is ours',
    approve: true,
  });
  await world.live(aRound);
  expect(await theirs.held()).toEqual({ default: theirs.own, list: [] });
  expect(
    world.logs.filter(({ outcome }) => outcome === 'refused').map(({ reason }) => reason),
  ).toEqual([
    `Nothing was done: ${theirs.listener}: its tag does not name docs.`,
    `Nothing was done: ${theirs.loadBalancer}: it carries no tag of a certificate, as far as certkeep has seen.`,
  ]);
});
