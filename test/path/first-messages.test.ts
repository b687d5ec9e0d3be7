import { minuteMs } from 'local-cloud/clock.ts';
import { afterEach, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const address = 'ops@certkeep.dev';
const twelve = Array.from(
  { length: 12 },
  (_, index) =>
    `  c${index}: {names: [c${index}.example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn(`l${index}`)}"}]}\n`,
).join('');

test('of a first deployment of twelve certificates, whoever confirms within minutes gets three mails', async () => {
  world = await startWorld(`${configText(twelve)}alerts: {email: [${address}]}\n`, {
    evaluatesAlarms: true,
  });
  world.clock.advance(5 * minuteMs);
  await world.cloud.cloudwatch.told();
  world.cloud.sns.confirm(address);
  await world.live(12 * hourMs);
  const heard = world.inbox().filter(({ recipients }) => recipients.includes(address));
  expect(heard.map(({ subject }) => subject).toSorted()).toEqual([
    'OK: "certkeep-CheckSilent" in US East (N. Virginia)',
    'OK: "certkeep-HomeSilent" in EU (Ireland)',
    'certkeep summary: certificates kept: 12, well: 0, in work: 12',
  ]);
}, 180_000);
