import { deleteFunction } from 'local-cloud/services/lambda/functions.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { managedTag } from '#shared/installation.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { address } from './stage.ts';

const regions = ['us-east-1', 'eu-west-1', 'ap-southeast-2'] as const;
const account = '123456789012';

/** Targets at home, in the region of a copy and in a further one. */
const source = `${configText(`
  shop:
    names: [shop.example.com, example.com]
    issuer: local
    targets:
${regions.map((region) => `      - {type: alb, listener: "${listenerArn(region.slice(0, 2), '1', { region, account })}"}\n`).join('')}`)}
alerts: {email: [${address}]}
`;

/** The time of the day at which the local cloud sends them. */
const eventsAtMs = 7 * hourMs;

let world: World;
beforeEach(async () => {
  world = await startWorld(source, { tellsOfExpiry: true });
  world.cloud.sns.confirm(address);
  await world.check();
});
afterEach(() => world?.close());

/** Nothing of certkeep runs any more. */
function stopEverything(): void {
  const { lambda } = world.cloud;
  for (const { arn } of [...lambda.functions.values()]) deleteFunction(lambda, arn);
}

/** Until ACM has sent its events of so many days. */
async function pass(days: number): Promise<void> {
  const sinceMs = (world.clock.now().getTime() - eventsAtMs) % dayMs;
  world.clock.advance(days * dayMs - sinceMs);
  await world.cloud.eventTopics.told();
}

/** The ARNs of certkeep's certificates; the load balancers had some of somebody else. */
function own(): readonly string[] {
  return world.cloud.acm
    .certificates()
    .filter(({ tags }) => tags.has(managedTag))
    .map(({ arn }) => arn);
}

/** What arrived at the address about an ARN over the topic of its region, each with the days left until the end. */
function told(arn: string): readonly { days: string; daysLeft: number; message: string }[] {
  const endMs = world.cloud.acm.find(arn)?.material.latest().leaf.validToDate.getTime() ?? 0;
  return world
    .inbox()
    .filter(({ message, recipients }) => message.includes(arn) && recipients.includes(address))
    .filter(({ topicArn }) => topicArn.split(':')[3] === arn.split(':')[3])
    .map(({ message, publishedAt }) => ({
      days: /ends in (\d+) days/.exec(message)?.[1] ?? '',
      daysLeft: Math.floor((endMs - publishedAt.getTime()) / dayMs),
      message,
    }));
}

test('people hear of a certificate at seven, three and one days when nothing of certkeep runs any more', async () => {
  const arns = own();
  expect(arns.map((arn) => arn.split(':')[3]).toSorted()).toEqual(regions.toSorted());
  stopEverything();
  for (let day = 0; day < 95; day += 1) await pass(1);
  for (const arn of arns) {
    expect(told(arn).map(({ days, daysLeft }) => [days, daysLeft])).toEqual([
      ['7', 7],
      ['3', 3],
      ['1', 1],
    ]);
  }
  const [arn = ''] = arns.filter((each) => each.includes(':ap-southeast-2:'));
  // A CA may leave the common name out.
  expect(told(arn)[0]?.message.replace('(common name: )', '(common name: example.com)')).toBe(
    `"certkeep: AWS Certificate Manager reports that a certificate ends in 7 days and that nobody has imported a newer one: example.com (common name: example.com), region ap-southeast-2, account 000000000000, ${arn}. This message does not come from certkeep, which may have stopped: see docs/runbook.md#acmreportsexpiry"`,
  );
  expect(world.cloud.eventTopics.lost).toEqual([]);
});

test('nobody hears of a certificate that is renewed in time', async () => {
  const before = new Map(own().map((arn) => [arn, world.cloud.acm.find(arn)?.importedAt]));
  for (let day = 0; day < 100; day += 10) {
    await pass(10);
    await world.check();
    world.clock.advance(hourMs);
    await world.check();
  }
  expect(own()).toEqual([...before.keys()]);
  for (const [arn, importedAt] of before) {
    expect(world.cloud.acm.find(arn)?.importedAt).not.toEqual(importedAt);
    expect(told(arn)).toEqual([]);
  }
});
