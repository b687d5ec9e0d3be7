import { afterEach, beforeEach, expect, it } from 'vitest';
import { ask } from '#cloud/wire/service.ts';
import { call, type Lab, lab, resource } from '../fixtures/stacks.ts';

let aws: Lab;
beforeEach(async () => {
  aws = await lab();
});
afterEach(() => aws.cloud.close());

const queue = (properties: object, beside: object = {}) =>
  resource('SQS::Queue', { QueueName: 'work', ...properties }, beside);
const queueNamed = (name: string) => aws.cloud.sqs.queue('us-east-1', name);

const group = resource('Scheduler::ScheduleGroup', { Name: 'certkeep' });
const yearly = resource('Scheduler::Schedule', {
  GroupName: { Ref: 'Group' },
  ScheduleExpression: 'rate(365 days)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: 'arn:of:function', RoleArn: 'arn:of:role' },
});

it('the same template changes nothing', () => {
  const Resources = { Group: group, Yearly: yearly };
  const Outputs = { Name: { Value: { Ref: 'Yearly' } } };
  const first = aws.deploy({ Resources, Outputs });
  const before = [...aws.cloud.scheduler.schedules.values()];
  expect(aws.deploy({ Resources, Outputs })).toEqual(first);
  const after = [...aws.cloud.scheduler.schedules.values()];
  expect(after).toHaveLength(1);
  expect(after[0]).toBe(before[0]);
});

it('a property that can change is changed, and one that is left out goes back to its default', () => {
  aws.deploy({ Resources: { Work: queue({ VisibilityTimeout: 60, DelaySeconds: 5 }) } });
  const before = queueNamed('work');
  before?.send({ body: 'kept', senderId: 'test' });
  aws.deploy({ Resources: { Work: queue({ VisibilityTimeout: 90 }) } });
  expect(queueNamed('work')).toBe(before);
  expect(before?.attributes()).toMatchObject({ VisibilityTimeout: '90', DelaySeconds: '0' });
  expect(before?.messages()).toHaveLength(1);
});

it('a property that cannot change makes another resource, to which others then refer', () => {
  const Outputs = { Url: { Value: { Ref: 'Work' } } };
  aws.deploy({ Resources: { Work: queue({}) }, Outputs });
  const { Url } = aws.deploy({ Resources: { Work: queue({ QueueName: 'other' }) }, Outputs });
  expect(Url).toMatch(/\/other$/);
  expect(queueNamed('work')).toBeNull();
  expect(queueNamed('other')).not.toBeNull();
});

it.each<[string, object, boolean]>([
  ['is deleted', {}, false],
  ['is kept where it says so', { DeletionPolicy: 'Retain' }, true],
  ['is kept unless its creation failed', { DeletionPolicy: 'RetainExceptOnCreate' }, true],
])('a resource that left the template %s', (_, beside, isKept) => {
  aws.deploy({ Resources: { Work: queue({}, beside) } });
  aws.deploy({ Resources: {} });
  expect(queueNamed('work') !== null).toBe(isKept);
});

it('a replaced resource is kept where it says so', () => {
  const beside = { UpdateReplacePolicy: 'Retain' };
  aws.deploy({ Resources: { Work: queue({}, beside) } });
  aws.deploy({ Resources: { Work: queue({ QueueName: 'other' }, beside) } });
  expect(queueNamed('work')).not.toBeNull();
});

it('a kept resource blocks another one of its name', () => {
  const Resources = { Work: queue({}, { DeletionPolicy: 'Retain' }) };
  aws.deploy({ Resources });
  aws.deploy({ Resources: {} });
  expect(() => aws.deploy({ Resources })).toThrow('work already exists');
});

it('two resources of one name are one too many', () => {
  expect(() => aws.deploy({ Resources: { A: queue({}), B: queue({}) } })).toThrow(
    'stack test, B (AWS::SQS::Queue)',
  );
});

it('a resource is removed before those that it depends on', () => {
  const Bus = resource('Events::EventBus', { Name: 'certkeep' });
  const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:certkeep-alert';
  const EventPattern = { source: ['certkeep'] };
  const EventBusName = { Ref: 'Bus' };
  const Rule = (Targets: readonly object[]) =>
    resource('Events::Rule', { EventBusName, EventPattern, Targets });
  aws.deploy({ Resources: { Bus, Rule: Rule([{ Id: 'a', Arn }]) } });
  aws.deploy({ Resources: { Bus, Rule: Rule([{ Id: 'b', Arn }]) } });
  const { events } = aws.cloud;
  const on = { EventBusName: 'certkeep' };
  const { Rules } = ask<{ Rules: { Name: string }[] }>(events, 'ListRules', on, call);
  expect(ask(events, 'ListTargetsByRule', { ...on, Rule: Rules[0]?.Name }, call)).toEqual({
    Targets: [{ Id: 'b', Arn }],
  });
  aws.deploy({ Resources: {} });
  expect(() => ask(events, 'ListRules', on, call)).toThrow('Event bus certkeep does not exist.');
});

it('a schedule under another logical id begins while the one before it ends', () => {
  const names = () => [...aws.cloud.scheduler.schedules.values()].map(({ name }) => name);
  aws.deploy({ Resources: { Group: group, FirstA: yearly } });
  expect(names()).toEqual([expect.stringMatching(/^test-FirstA-/)]);
  aws.deploy({ Resources: { Group: group, FirstB: yearly } });
  expect(names()).toEqual([expect.stringMatching(/^test-FirstB-/)]);
});

it('a first deployment that fails is rolled back, with what would outlive a stack that was there', () => {
  const Work = queue({}, { DeletionPolicy: 'RetainExceptOnCreate' });
  const wrong = resource('SQS::Queue', { QueueName: 'more', VisibilityTimeout: -1 });
  expect(() => aws.deploy({ Resources: { Work, More: wrong } })).toThrow('stack test, More');
  expect(queueNamed('work')).toBeNull();
  aws.deploy({ Resources: { Work, More: resource('SQS::Queue', { QueueName: 'more' }) } });
  expect([queueNamed('work'), queueNamed('more')]).not.toContain(null);
});

it('a later one that fails stays where it failed, and the next one goes on there', () => {
  const First = resource('SQS::Queue', { QueueName: 'first' });
  aws.deploy({ Resources: { First } });
  const Work = queue({});
  const wrong = resource('SQS::Queue', { QueueName: 'more', VisibilityTimeout: -1 });
  expect(() => aws.deploy({ Resources: { First, Work, More: wrong } })).toThrow('stack test, More');
  const before = queueNamed('work');
  expect(before).not.toBeNull();
  aws.deploy({ Resources: { First, Work, More: resource('SQS::Queue', { QueueName: 'more' }) } });
  expect(queueNamed('work')).toBe(before);
  expect(queueNamed('more')).not.toBeNull();
});

it('an unnamed resource gets another name when it is replaced', () => {
  const names = () => [...aws.cloud.scheduler.schedules.values()].map(({ name }) => name);
  const Other = resource('Scheduler::ScheduleGroup', { Name: 'other' });
  aws.deploy({ Resources: { Group: group, Other, Yearly: yearly } });
  const [before] = names();
  const GroupName = { Ref: 'Other' };
  const moved = { ...yearly, Properties: { ...yearly.Properties, GroupName } };
  aws.deploy({ Resources: { Group: group, Other, Yearly: moved } });
  expect(names()).toEqual([expect.stringMatching(/^test-Yearly-[0-9A-F]{12}$/)]);
  expect(names()).not.toEqual([before]);
});
