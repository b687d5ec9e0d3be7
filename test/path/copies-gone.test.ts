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

function told(): readonly string[] {
  return world.inbox().flatMap(({ subject }) => subject ?? []);
}

async function nextDay(): Promise<void> {
  world.clock.advance(dayMs);
  await world.live(hourMs / 2);
}

test('a region joins after ninety days, when nobody remembers what was told: nothing is told as issued again', async () => {
  world = await startWorld(source.replace('replicas: [eu-west-1]', 'replicas: []'));
  await world.check();
  await world.live(hourMs);
  const issued = () => told().filter((subject) => /issued/.test(subject)).length;
  expect(issued()).toBe(1);
  const { s3 } = world.cloud;
  // As the lifecycle rule of the bucket does it.
  for (const Key of s3.keysOf(world.names.bucket).filter((key) => key.startsWith('alerts/'))) {
    ask(s3, 'DeleteObject', { Bucket: world.names.bucket, Key }, home);
  }
  await world.reconfigure((text) => text.replace('replicas: []', 'replicas: [eu-west-1]'));
  await world.live(hourMs);
  expect(world.record('shop').replicas['eu-west-1']?.secretInSync).toBe(true);
  expect(issued()).toBe(1);
});

test('a bucket that may not be listed is told once, and again when it may', async () => {
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
  const aboutCopies = () => told().filter((subject) => /copies/.test(subject));
  const first = '[certkeep] warning: certkeep cannot see which copies eu-west-1 holds';
  expect(aboutCopies()).toEqual([first]);
  expect(world.dispatcher.deadEvents).toEqual([]);
  world.cloud.faults.clear();
  await world.live(2 * hourMs);
  const then = '[certkeep] info: The copies in eu-west-1 are in sync again';
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

test('copies that somebody has deleted are there again within a day, and nobody is told', async () => {
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
  expect(told().filter((subject) => /behind|sync/.test(subject))).toEqual([]);
});
