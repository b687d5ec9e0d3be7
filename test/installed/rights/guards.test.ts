import { afterEach, expect, test } from 'vitest';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { withoutResources } from './statements.ts';

let world: World;
afterEach(() => world?.close());

const source = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);
const home = '000000000000';
const inHome = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${home}:${rest}`;

function deadEvents(): number {
  return world.cloud.sqs.queue('us-east-1', 'certkeep-dead-events')?.messages().length ?? 0;
}

test('an event whose function the rule may not invoke is kept among the dead events', async () => {
  world = await startWorld(source, {
    mayDeny: true,
    edit: (assembly) =>
      withoutResources(
        assembly,
        (id, type) => type === 'AWS::Lambda::Permission' && id.includes('AlertChecked'),
      ),
  });
  await world.check();
  expect(world.inbox()).toEqual([]);
  expect(deadEvents()).toBeGreaterThan(0);
});

test('an alarm of the installation may tell people over the topic of alarms, and no other one', async () => {
  world = await startWorld(source, { mayDeny: true });
  const asked = (
    account: string,
    { name = 'certkeep-CheckSilent', topic = 'certkeep-watch' } = {},
  ) =>
    world.cloud.iam.isAllowed({
      principal: 'cloudwatch.amazonaws.com',
      action: 'sns:Publish',
      resource: inHome('sns', topic),
      context: {
        'aws:SourceAccount': account,
        'aws:SourceArn': `arn:aws:cloudwatch:us-east-1:${account}:alarm:${name}`,
      },
    });
  expect(await asked(home)).toBe(true);
  expect(await asked('111111111111')).toBe(false);
  expect(await asked(home, { name: 'billing' })).toBe(false);
  expect(await asked(home, { topic: 'certkeep-alerts' })).toBe(false);
});

test('a rule may tell people over the topic of alarms, and over no other one', async () => {
  world = await startWorld(source, { mayDeny: true });
  const asked = (topic: string) =>
    world.cloud.iam.isAllowed({
      principal: 'events.amazonaws.com',
      action: 'sns:Publish',
      resource: inHome('sns', topic),
    });
  expect(await asked('certkeep-watch')).toBe(true);
  expect(await asked('certkeep-alerts')).toBe(false);
});

test('no function may publish to the topic of alarms', async () => {
  world = await startWorld(source, { mayDeny: true });
  for (const name of ['check', 'issue', 'deploy', 'verify', 'sync', 'alert']) {
    const asked = world.cloud.iam.isAllowed({
      principal: `arn:aws:iam::${home}:role/certkeep-us-east-1-${name}`,
      action: 'sns:Publish',
      resource: inHome('sns', 'certkeep-watch'),
      context: {},
    });
    expect(await asked).toBe(false);
  }
});

test('the schedules start functions only from their own group and account', async () => {
  world = await startWorld(source, { mayDeny: true });
  const role = `arn:aws:iam::${home}:role/certkeep-us-east-1-schedule`;
  const assume = (account: string, group: string) =>
    world.cloud.iam.isAllowed({
      principal: 'scheduler.amazonaws.com',
      action: 'sts:AssumeRole',
      resource: role,
      context: {
        'aws:SourceAccount': account,
        'aws:SourceArn': `arn:aws:scheduler:us-east-1:${account}:schedule-group/${group}`,
      },
    });
  expect(await assume(home, 'certkeep')).toBe(true);
  expect(await assume(home, 'default')).toBe(false);
  expect(await assume('111111111111', 'certkeep')).toBe(false);
});
