import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const topic = 'arn:aws:sns:eu-west-1:222222222222:ops';

const subjects = (isTheirs: boolean) =>
  world.cloud.sns
    .published()
    .filter(({ topicArn }) => (topicArn === topic) === isTheirs)
    .map(({ subject }) => subject);

test('a topic of the user that lets nobody publish is told over that of the installation, until it does', async () => {
  const source = `${configText('  shop: {names: [example.com], issuer: local}\n')}alerts: {email: [ops@example.com], snsTopic: "${topic}"}\n`;
  world = await startWorld(source, { mayDeny: true });
  const policy = world.cloud.policies.of(topic);
  world.cloud.policies.put(topic, { Version: '2012-10-17', Statement: [] });
  await world.check();
  await world.live(hourMs);
  expect(subjects(true)).toEqual([]);
  expect(subjects(false).slice(1)).toEqual([
    'certkeep warning: certkeep cannot send to your topic: TopicRefuses',
  ]);
  world.cloud.policies.put(topic, policy);
  // The reminder is the first message since.
  world.clock.advance(dayMs);
  await world.live(hourMs);
  expect(subjects(true)).toEqual(subjects(false).slice(2));
  expect(subjects(true).at(-1)).toMatch(/^certkeep well again: certkeep/);
});
