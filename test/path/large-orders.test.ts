import { afterEach, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { rulesOf } from '#test/support/world-rules.ts';

let world: World;
afterEach(() => world?.close());

function certificateOf(names: readonly string[]): string {
  return configText(`  shop: {names: [${names.join(', ')}], issuer: local}\n`);
}

function state() {
  const { acquireFailure, desired, txt } = world.record('shop');
  return { isIssued: desired !== null, txt, acquireFailure };
}

const issued = { isIssued: true, txt: [], acquireFailure: null };

/** How often the issue function has made that call. */
function calls(operation: string): number {
  const { calls } = world.cloud.faults;
  return calls.filter((call) => call.operation === operation && call.caller === 'issue').length;
}

test('a certificate over 45 zones is issued in one check, each value written and removed once', async () => {
  const names = Array.from({ length: 45 }, (_, at) => `shop-${at}.com`);
  world = await startWorld(certificateOf(names));
  world.clock.advance(60_000);
  await world.check();
  expect(state()).toEqual(issued);
  expect(calls('ChangeResourceRecordSets')).toBe(90);
  expect(calls('newOrder')).toBe(1);
});

test('90 names over HTTP are issued in one check, each rule made once and none left', async () => {
  const names = Array.from({ length: 90 }, (_, at) => `n${at}.example.com`);
  const solver = `- {type: alb-http01, listener: "${listenerArn('web', 'a')}"}`;
  world = await startWorld(certificateOf(names).replace('- type: route53', solver));
  world.clock.advance(60_000);
  await world.check();
  expect(state()).toEqual(issued);
  expect([calls('CreateRule'), calls('DeleteRule')]).toEqual([90, 90]);
  expect(await rulesOf(world)).toEqual([]);
});

test('challenge values of a certificate that leaves the configuration are removed in as many runs as it takes', async () => {
  const names = Array.from({ length: 45 }, (_, at) => `shop-${at}.com`);
  const other = '  other: {names: [other.com], issuer: local}\n';
  world = await startWorld(certificateOf(names) + other);
  world.clock.advance(60_000);
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'challenge',
    fault: { do: 'kill-after' },
    skip: 1,
  });
  await world.startCheck();
  await world.reconfigure(() => configText(other));
  world.clock.advance(60_000);
  await world.live(hourMs);
  expect(world.record('shop').txt).toEqual([]);
  expect(calls('ChangeResourceRecordSets')).toBe(92);
});
