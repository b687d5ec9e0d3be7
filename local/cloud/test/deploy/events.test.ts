import { afterEach, beforeEach, expect, it } from 'vitest';
import { hourMs, minuteMs } from '#cloud/clock.ts';
import { ask } from '#cloud/wire/service.ts';
import { call, type Lab, lab, resource } from '../fixtures/stacks.ts';

let aws: Lab;
beforeEach(async () => {
  aws = await lab();
});
afterEach(() => aws.cloud.close());

const ref = (Ref: string) => ({ Ref });
const att = (...names: readonly string[]) => ({ 'Fn::GetAtt': names });
const at = 'us-east-1:000000000000';

it('a topic tells those who confirmed', () => {
  const Topic = resource('SNS::Topic', { TopicName: 'alerts', DisplayName: 'certkeep' });
  const Mail = resource('SNS::Subscription', {
    TopicArn: ref('Topic'),
    Protocol: 'email',
    Endpoint: 'ops@example.com',
  });
  aws.deploy({ Resources: { Mail, Topic } });
  const { sns } = aws.cloud;
  const publish = () =>
    ask(sns, 'Publish', { TopicArn: `arn:aws:sns:${at}:alerts`, Message: 'hello' }, call);
  publish();
  sns.confirm('ops@example.com');
  publish();
  const recipients = sns.published().map((message) => message.recipients);
  expect(recipients).toEqual([[], ['ops@example.com']]);
});

it('a rule of a bus matches its pattern and tells its targets', () => {
  const Bus = resource('Events::EventBus', { Name: 'certkeep' });
  const Arn = `arn:aws:lambda:${at}:function:certkeep-alert`;
  const Rule = resource('Events::Rule', {
    EventBusName: ref('Bus'),
    EventPattern: { source: ['certkeep'] },
    Targets: [{ Id: 'Target0', Arn, RetryPolicy: { MaximumEventAgeInSeconds: 60 } }],
  });
  const Outputs = { Rule: { Value: ref('Rule') }, Arn: { Value: att('Rule', 'Arn') } };
  const outputs = aws.deploy({ Resources: { Rule, Bus }, Outputs });
  expect(outputs.Rule).toMatch(/^certkeep\|test-Rule-[0-9A-F]{12}$/);
  const told: unknown[] = [];
  aws.cloud.events.onDelivery(({ ruleArn, target }) => void told.push([ruleArn, target.Arn]));
  const entry = { EventBusName: 'certkeep', DetailType: 'x', Detail: '{}' };
  const Entries = ['certkeep', 'other'].map((Source) => ({ ...entry, Source }));
  ask(aws.cloud.events, 'PutEvents', { Entries }, call);
  expect(told).toEqual([[outputs.Arn, Arn]]);
});

it('a rule of the default bus publishes its text to a topic, as far as the policy of the topic lets it', async () => {
  await aws.cloud.iam.prepare();
  const policy = (Condition?: object) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: ref('Topic'),
        ...(Condition && { Condition }),
      },
    ],
  });
  const deploy = (Condition?: object) =>
    aws.deploy({
      Resources: {
        Topic: resource('SNS::Topic', { TopicName: 'watch' }),
        Policy: resource('SNS::TopicPolicy', {
          PolicyDocument: policy(Condition),
          Topics: [ref('Topic')],
        }),
        Rule: resource('Events::Rule', {
          EventPattern: { source: ['shop'] },
          Targets: [
            {
              Id: 'Target0',
              Arn: ref('Topic'),
              InputTransformer: {
                InputPathsMap: {
                  name: '$.detail.name',
                  first: '$.resources[0]',
                  none: '$.detail.x',
                },
                InputTemplate: '"<name> of <first> (<none>)"',
              },
            },
          ],
        }),
      },
      Outputs: { Arn: { Value: att('Rule', 'Arn') } },
    });
  const { eventTopics, events, sns } = aws.cloud;
  const put = async () => {
    const Detail = JSON.stringify({ name: 'an "event"' });
    const Entries = [{ Source: 'shop', DetailType: 'sold', Resources: ['arn:one'], Detail }];
    ask(events, 'PutEvents', { Entries }, call);
    await eventTopics.told();
  };
  const { Arn } = deploy();
  await put();
  expect(sns.published()).toMatchObject([
    { message: '"an \\"event\\" of arn:one ()"', subject: null },
  ]);
  deploy({ ArnEquals: { 'aws:SourceArn': Arn } });
  await put();
  expect(sns.published()).toHaveLength(1);
  expect(eventTopics.lost).toEqual([
    `${Arn}: arn:aws:sns:${at}:watch: EventBridge lacks sns:Publish`,
  ]);
});

it('a schedule has its group, rate, window, role, input and dead letters', () => {
  const Group = resource('Scheduler::ScheduleGroup', { Name: 'certkeep' });
  const Schedule = resource('Scheduler::Schedule', {
    GroupName: ref('Group'),
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
    Target: {
      Arn: 'arn:of:function',
      RoleArn: 'arn:of:role',
      Input: '{"sweep":true}',
      RetryPolicy: { MaximumRetryAttempts: 5 },
      DeadLetterConfig: { Arn: 'arn:of:queue' },
    },
  });
  aws.deploy({ Resources: { Schedule, Group } });
  expect([...aws.cloud.scheduler.schedules.values()]).toEqual([
    {
      name: expect.stringMatching(/^test-Schedule-[0-9A-F]{12}$/),
      arn: expect.stringMatching(`^arn:aws:scheduler:${at}:schedule/certkeep/test-Schedule-`),
      groupArn: `arn:aws:scheduler:${at}:schedule-group/certkeep`,
      account: '000000000000',
      enabled: true,
      everyMs: hourMs,
      windowMs: 5 * minuteMs,
      target: {
        arn: 'arn:of:function',
        roleArn: 'arn:of:role',
        input: { sweep: true },
        deadLetterArn: 'arn:of:queue',
      },
      shown: { ScheduleExpression: 'rate(1 hour)', RetryPolicy: { MaximumRetryAttempts: 5 } },
    },
  ]);
});
