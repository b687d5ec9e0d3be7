import type { ListRulesResponse } from '@aws-sdk/client-eventbridge';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { operatorClient } from 'local-cloud/operator.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { afterEach, expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { type PlainServer, startPlainServer } from '#test/support/plain-server.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
let service: PlainServer;
afterEach(async () => {
  await world?.close();
  await service?.close();
});

const secret = 'certkeep-heartbeat';
const call = { account: '000000000000', region: 'us-east-1', accessKeyId: 'a-person' };

/** An installation with a replica, and with a dead-man service that answers with that status. */
async function watchedWorld(answer: { status: number }): Promise<void> {
  service = await startPlainServer((_, response) => void response.writeHead(answer.status).end());
  const source = `${configText('  shop: {names: [example.com], issuer: local}\n')}alerts: {heartbeat: {secret: ${secret}}}\n`;
  world = await startWorld(source, {
    evaluatesAlarms: true,
    async prepare({ cloud }) {
      const secrets = new SecretsManagerClient(operatorClient(cloud, 'us-east-1'));
      const SecretString = `${service.origin}/ping/shop`;
      await secrets.send(new CreateSecretCommand({ Name: secret, SecretString }));
    },
  });
  await world.live(2 * hourMs);
}

/** Time without a run of certkeep, minute by minute. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += minuteMs) {
    world.clock.advance(minuteMs);
    await world.cloud.cloudwatch.told();
  }
}

const alarmIn = (region: string, name: string) =>
  world.cloud.cloudwatch.alarms.find({ ...call, region }, `certkeep-${name}`);

const trouble = () => world.told().filter((subject) => !/^OK: |summary/.test(subject));

test('each check gives its signs of life, and no alarm rings', async () => {
  await watchedWorld({ status: 200 });
  expect(service.received()).toBe(12);
  expect(alarmIn('eu-west-1', 'HomeSilent')?.state).toBe('OK');
  expect(alarmIn('us-east-1', 'AlertSilent')?.state).toBe('OK');
  expect(trouble()).toEqual([]);
});

test('when home is silent, its first replica says so, over a topic of its own', async () => {
  await watchedWorld({ status: 200 });
  await pass(5 * hourMs);
  const heard = world.inbox().filter(({ subject }) => subject?.includes('HomeSilent'));
  expect(heard.map(({ subject, topicArn }) => `${subject} ${topicArn}`)).toEqual([
    'OK: "certkeep-HomeSilent" in EU (Ireland) arn:aws:sns:eu-west-1:000000000000:certkeep-watch',
    'INSUFFICIENT_DATA: "certkeep-HomeSilent" in EU (Ireland) arn:aws:sns:eu-west-1:000000000000:certkeep-watch',
  ]);
});

test('when alert does not come any more, an alarm rings within hours', async () => {
  await watchedWorld({ status: 200 });
  const bus = { EventBusName: 'certkeep', EventPattern: '{"detail-type": ["checked"]}' };
  const listed = ask<ListRulesResponse>(
    world.cloud.events,
    'ListRules',
    { EventBusName: 'certkeep' },
    call,
  );
  const rule = listed.Rules?.find(({ EventPattern }) => EventPattern?.includes('checked'));
  ask(world.cloud.events, 'PutRule', { ...bus, Name: rule?.Name, State: 'DISABLED' }, call);
  await world.live(8 * hourMs);
  expect(trouble()).toEqual(['ALARM: "certkeep-AlertSilent" in US East (N. Virginia)']);
});

test('an alarm that somebody deletes is told within a day, and a heartbeat that nobody takes within the hour', async () => {
  const answer = { status: 200 };
  await watchedWorld(answer);
  world.cloud.cloudwatch.alarms.delete(alarmIn('eu-west-1', 'HomeSilent')?.arn ?? '');
  answer.status = 404;
  await world.live(hourMs);
  expect(trouble()).toEqual([
    'certkeep warning: certkeep sees its heartbeat fail: SignOfLifeFailed',
  ]);
  await world.live(24 * hourMs);
  expect(trouble()).toContain(
    'certkeep warning: certkeep has alarms that cannot ring: AlarmMissing',
  );
}, 120_000);
