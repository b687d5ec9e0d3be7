import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { fillList, otherStack } from '#test/support/other-stack.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

function oneTarget(certificate: 'default' | 'sni'): string {
  const target = `{type: alb, listener: "${listenerArn('shop')}", certificate: ${certificate}}`;
  return configText(`  shop: {names: [example.com], issuer: local, targets: [${target}]}\n`);
}

function importedArn(): string {
  return Object.values(world.record('shop').imports)[0]?.arn ?? '';
}

function newest(): string | undefined {
  return world.record('shop').versions.at(-1)?.serial;
}

/** Nothing could be renewed until the day after the end. */
async function endAndComeBack(): Promise<void> {
  world.clock.advance(91 * dayMs);
  await world.live(2 * hourMs);
}

test('an ended certificate in a full SNI list is renewed on its ARN, which needs no extra place', async () => {
  world = await startWorld(oneTarget('sni'));
  await world.check();
  const arn = importedArn();
  const [target] = world.landscape.config.certificates[0]?.targets ?? [];
  await fillList(world, target?.type === 'alb' ? target.listener : '', 24);
  const first = newest();
  await endAndComeBack();
  expect(newest()).not.toBe(first);
  expect(Object.values(world.record('shop').deployments)).toMatchObject([
    { state: 'proven', failure: null },
  ]);
  expect(importedArn()).toBe(arn);
  expect(await world.served('shop')).toEqual(new Set([newest()]));
});

test('another user of the published ARN gets a renewal after the end too', async () => {
  world = await startWorld(oneTarget('default'));
  await world.check();
  const other = await otherStack(world, 'other', importedArn());
  const first = newest();
  expect(await other.serial()).toBe(first);
  await endAndComeBack();
  expect(newest()).not.toBe(first);
  expect(await other.serial()).toBe(newest());
  expect(await world.served('shop')).toEqual(new Set([newest()]));
});
