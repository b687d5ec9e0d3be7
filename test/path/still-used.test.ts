import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { otherStack } from '#test/support/other-stack.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const oneTarget = configText(
  `  shop: {names: [example.com], issuer: local, key: rsa-2048, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);

const entry = () => Object.values(world.record('shop').imports)[0];
const importedArn = () => entry()?.arn ?? '';
const events = () => world.events().filter(({ type }) => type === 'still-used');
const told = () => world.told().filter((subject) => subject.includes('EarlierArnUsed'));
const isHeld = (arn: string) => world.cloud.acm.find(arn) !== null;

async function changeKey(): Promise<void> {
  await world.reconfigure((text) => text.replace('rsa-2048', 'ecdsa-p256'));
  await world.check();
}

test('people hear every day that an earlier ARN is still used, as critical near its end, and events at the thresholds say by whom', async () => {
  world = await startWorld(oneTarget);
  await world.check();
  const first = importedArn();
  const other = await otherStack(world, 'other', first);
  await changeKey();
  expect(importedArn()).not.toBe(first);
  await world.live(3 * hourMs);
  expect(told()).toEqual(['certkeep warning: shop: EarlierArnUsed']);
  expect(events()).toMatchObject([
    { summary: expect.stringContaining('shop: an earlier ACM certificate is still used by') },
  ]);
  const message = world.inbox().at(-1)?.message;
  for (const said of [other.loadBalancer, first, importedArn(), 'ends on 2027-02-20']) {
    expect(message).toContain(said);
  }
  for (const days of [70, 84, 88, 91]) {
    world.clock.advance(
      days * dayMs - (world.clock.now().getTime() - Date.parse('2026-11-22T03:00:00Z')),
    );
    await world.live(hourMs);
  }
  const severities = ['warning', 'warning', 'warning', 'critical', 'critical'];
  expect(events().map(({ severity }) => severity)).toEqual(severities);
  expect(told().map((subject) => subject.split(/[ :]+/)[1])).toEqual(severities);
  expect(isHeld(first)).toBe(true);
});

test('a given-up ARN stays for three days after its last use, and is deleted then', async () => {
  world = await startWorld(oneTarget);
  await world.check();
  const first = importedArn();
  await changeKey();
  await world.live(2 * hourMs);
  world.clock.advance(2.5 * dayMs);
  await world.live(hourMs);
  expect(isHeld(first)).toBe(true);
  // A stack that has read the parameter before the change.
  const other = await otherStack(world, 'late', first);
  await world.live(7 * hourMs);
  world.clock.advance(dayMs);
  await world.live(hourMs);
  expect(isHeld(first)).toBe(true);
  const elb = new ElasticLoadBalancingV2(operatorClient(world.cloud, 'us-east-1'));
  await elb.modifyListener({
    ListenerArn: other.listener,
    Certificates: [{ CertificateArn: importedArn() }],
  });
  await world.live(7 * hourMs);
  world.clock.advance(2.5 * dayMs);
  await world.live(hourMs);
  expect(isHeld(first)).toBe(true);
  world.clock.advance(dayMs);
  await world.live(hourMs);
  expect(isHeld(first)).toBe(false);
  expect(entry()?.retired).toEqual([]);
});
