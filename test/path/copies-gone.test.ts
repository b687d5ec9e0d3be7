import type { OutsideCall } from 'local-cloud/faults.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { some } from '#test/support/full.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const source = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);
const home = { account: homeAccount, region: 'us-east-1', accessKeyId: 'somebody' };
const there = { ...home, region: 'eu-west-1' };

function bucket(): string {
  return world.names.bucket.replace('us-east-1', 'eu-west-1');
}

function keys(): readonly string[] {
  return world.cloud.s3.keysOf(bucket());
}

function happened(what: RegExp): readonly string[] {
  const all = world.events().map(({ severity, summary }) => `${severity}: ${summary}`);
  return all.filter((each) => what.test(each));
}

async function nextDay(): Promise<void> {
  world.clock.advance(dayMs);
  await world.live(hourMs / 2);
}

test('a region joins when what was told is lost: people get one summary, and nothing is issued again', async () => {
  world = await startWorld(source.replace('replicas: [eu-west-1]', 'replicas: []'));
  await world.check();
  await world.live(hourMs);
  expect(world.told()).toEqual([]);
  const { s3 } = world.cloud;
  ask(s3, 'DeleteObject', { Bucket: world.names.bucket, Key: 'told/told.json' }, home);
  await world.reconfigure((text) => text.replace('replicas: []', 'replicas: [eu-west-1]'));
  await world.live(hourMs);
  expect(world.record('shop').replicas['eu-west-1']?.secretInSync).toBe(true);
  expect(happened(/issued/)).toEqual(['info: shop was issued by local and stored']);
  expect(world.told()).toEqual([
    expect.stringMatching(/^certkeep summary: certificates kept: 1, well: /),
  ]);
});

test('a bucket that may not be listed is one event, and another when it may', async () => {
  world = await startWorld(source);
  await world.check();
  await world.live(hourMs);
  world.cloud.faults.add({
    when: ({ caller, operation }) => caller === 'sync' && operation === 'ListObjectsV2',
    fault: { do: 'refuse', code: 'AccessDenied', status: 403 },
    times: 100,
  });
  world.clock.advance(dayMs);
  await world.live(3 * hourMs);
  const aboutCopies = () => happened(/copies/);
  const first = 'warning: certkeep cannot see which copies eu-west-1 holds';
  expect(aboutCopies()).toEqual([first]);
  expect(world.dispatcher.deadEvents).toEqual([]);
  world.cloud.faults.clear();
  await world.live(2 * hourMs);
  const then = 'info: The copies in eu-west-1 are in sync again';
  expect(aboutCopies()).toEqual([first, then]);
});

const struck = ['ListObjectsV2', 'GetObject', 'PutObject'].flatMap((operation) =>
  (['kill-before', 'kill-after', 'lose-answer', 'twice'] as const).map(
    (kind) => [kind, operation] as const,
  ),
);

test.each(some(struck))('%s at %s of a look: the copy is there again', async (kind, what) => {
  world = await startWorld(source);
  await world.check();
  await world.live(hourMs);
  const [Key = ''] = keys();
  ask(world.cloud.s3, 'DeleteObject', { Bucket: bucket(), Key }, there);
  const when = ({ caller, operation }: OutsideCall) => caller === 'sync' && operation === what;
  world.cloud.faults.add({ when, fault: { do: kind } });
  await nextDay();
  expect(world.cloud.faults.calls.some(when)).toBe(true);
  await nextDay();
  expect(keys()).toContain(Key);
});

test('copies that somebody has deleted are there again within a day, and nobody is told of it', async () => {
  world = await startWorld(source);
  await world.check();
  await world.live(hourMs);
  const before = keys();
  expect(before).toHaveLength(3);
  for (const Key of before) {
    ask(world.cloud.s3, 'DeleteObject', { Bucket: bucket(), Key }, there);
  }
  await nextDay();
  expect(keys()).toEqual(before);
  expect(happened(/behind|sync/)).toEqual([]);
  expect(world.told().filter((subject) => subject.includes('copied'))).toEqual([]);
});
