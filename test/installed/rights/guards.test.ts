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

test('an alarm of the installation may tell people over the encrypted topic, and no other one', async () => {
  world = await startWorld(source, { mayDeny: true });
  const call = { account: home, region: 'us-east-1', accessKeyId: 'a-test' };
  const key = world.cloud.kms.find(call, 'alias/certkeep')?.arn ?? '';
  const asked = (account: string, name = 'certkeep-CheckSilent-certkeep-check') =>
    [
      { action: 'sns:Publish', resource: inHome('sns', 'certkeep-alerts') },
      { action: 'kms:GenerateDataKey', resource: key },
      { action: 'kms:Decrypt', resource: key },
    ].map((request) =>
      world.cloud.iam.isAllowed({
        principal: 'cloudwatch.amazonaws.com',
        ...request,
        context: {
          'aws:SourceAccount': account,
          'aws:SourceArn': `arn:aws:cloudwatch:us-east-1:${account}:alarm:${name}`,
        },
      }),
    );
  expect(await Promise.all(asked(home))).toEqual([true, true, true]);
  expect(await Promise.all(asked('111111111111'))).toEqual([false, false, false]);
  expect(await Promise.all(asked(home, 'billing'))).toEqual([false, false, false]);
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
