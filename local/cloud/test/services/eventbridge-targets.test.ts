import type { Target } from '@aws-sdk/client-eventbridge';
import { beforeEach, expect, it, test } from 'vitest';
import { type EventBridge, eventbridge } from '#cloud/services/eventbridge/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { ask } from '#cloud/wire/service.ts';

const call = { account: '000000000000', region: 'us-east-1', accessKeyId: 'test' };
const Arn = 'arn:aws:sns:us-east-1:000000000000:watch';
const text = { InputPathsMap: { days: '$.detail.days' }, InputTemplate: '"in <days> days"' };

let events: EventBridge;
beforeEach(() => {
  events = eventbridge({ clock: virtualClock() });
  ask(events, 'PutRule', { Name: 'ends', EventPattern: '{"source":["shop"]}' }, call);
});

function put(change: Partial<Target>): unknown {
  const Targets = [{ Id: 'topic', Arn, ...change }];
  return ask(events, 'PutTargets', { Rule: 'ends', Targets }, call);
}

it.each<[string, Partial<Target>]>([
  ['a topic', {}],
  ['a topic with a text of its own', { InputTransformer: text }],
])('takes %s', (_, change) => {
  expect(put(change)).toMatchObject({ FailedEntryCount: 0 });
});

it.each<[string, Partial<Target>]>([
  ['a template without quotes', { InputTransformer: { ...text, InputTemplate: 'in <days> days' } }],
  ['an empty template', { InputTransformer: { ...text, InputTemplate: '' } }],
  [
    'a template of more than 8,192 characters',
    { InputTransformer: { ...text, InputTemplate: `"${'x'.repeat(8_191)}"` } },
  ],
  ['a variable without a path', { InputTransformer: { InputTemplate: '"in <days> days"' } }],
  [
    'a variable that begins with AWS',
    { InputTransformer: { InputPathsMap: { AWSx: '$.detail' }, InputTemplate: '"<AWSx>"' } },
  ],
  [
    'a path with a wildcard',
    { InputTransformer: { InputPathsMap: { all: '$.detail.*' }, InputTemplate: '"<all>"' } },
  ],
  ['a role', { RoleArn: 'arn:aws:iam::000000000000:role/tell' }],
  ['a queue', { Arn: 'arn:aws:sqs:us-east-1:000000000000:work' }],
])('refuses %s', (_, change) => {
  expect(() => put(change)).toThrow(/not implemented|not valid|must have length/);
});

test('a pattern has 2,048 characters at most', () => {
  const pattern = (length: number) => {
    const empty = JSON.stringify({ source: [''] }).length;
    return JSON.stringify({ source: ['x'.repeat(length - empty)] });
  };
  const putRule = (length: number) =>
    ask(events, 'PutRule', { Name: 'long', EventPattern: pattern(length) }, call);
  expect(() => putRule(2_048)).not.toThrow();
  expect(() => putRule(2_049)).toThrow(/2048 characters/);
});
