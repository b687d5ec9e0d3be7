import { expect, it } from 'vitest';
import { holds } from '#cloud/deploy/conditions.ts';
import { noValue, resolve, type Scope } from '#cloud/deploy/intrinsics.ts';

const refs: Readonly<Record<string, unknown>> = {
  'AWS::Region': 'us-east-1',
  'AWS::NoValue': noValue,
  Queue: 'http://queue',
};

const scope: Scope = {
  where: 'stack test, Thing (AWS::Thing)',
  ref: (name) => refs[name],
  attribute: (logicalId, name) => `${logicalId}'s ${name}`,
  condition: (name) => name === 'Always',
  output: (...given) => given.join(' '),
};

/** As a template for Fn::Sub writes names. */
const sub = (...names: readonly string[]) => names.map((name) => `\${${name}}`).join('/');

it.each<[string, unknown, unknown]>([
  ['what holds no function', { a: [1, true, null] }, { a: [1, true, null] }],
  ['an object that looks like none', { Ref: 'Queue', b: 1 }, { Ref: 'Queue', b: 1 }],
  ['Ref', { Ref: 'Queue' }, 'http://queue'],
  ['Fn::GetAtt of two', { 'Fn::GetAtt': ['Queue', 'Arn'] }, "Queue's Arn"],
  ['Fn::GetAtt of one', { 'Fn::GetAtt': 'Queue.Arn.Part' }, "Queue's Arn.Part"],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] }, 'a-us-east-1-1'],
  [
    'Fn::Sub',
    { 'Fn::Sub': sub('AWS::Region', 'Queue.Arn', '!Kept') },
    `us-east-1/Queue's Arn/${sub('Kept')}`,
  ],
  [
    'Fn::Sub with values',
    { 'Fn::Sub': [sub('A', 'Queue'), { A: { Ref: 'Queue' } }] },
    'http://queue/http://queue',
  ],
  ['Fn::Select', { 'Fn::Select': [1, ['a', { Ref: 'Queue' }]] }, 'http://queue'],
  [
    'Fn::Select of Fn::Split',
    { 'Fn::Select': ['2', { 'Fn::Split': ['-', { Ref: 'AWS::Region' }] }] },
    '1',
  ],
  ['Fn::If that holds', { 'Fn::If': ['Always', 'a', { 'Fn::Nonsense': '' }] }, 'a'],
  ['Fn::If that does not', { 'Fn::If': ['Never', 'a', { Ref: 'Queue' }] }, 'http://queue'],
  [
    'Fn::GetStackOutput',
    { 'Fn::GetStackOutput': { StackName: 's', OutputName: 'o', Region: { Ref: 'AWS::Region' } } },
    's o us-east-1',
  ],
])('%s', (_, value, expected) => {
  expect(resolve({ value }, scope)).toEqual({ value: expected });
});

it('a property without a value is left out', () => {
  const nothing = { Ref: 'AWS::NoValue' };
  const value = { a: nothing, b: [nothing, 1], c: { 'Fn::If': ['Never', 1, nothing] } };
  expect(resolve(value, scope)).toEqual({ b: [1] });
});

it.each<[string, unknown, string]>([
  [
    'a function that is not known',
    { 'Fn::FindInMap': [] },
    'the local cloud does not know the intrinsic function Fn::FindInMap',
  ],
  ['a Join of no list', { 'Fn::Join': ['-', 'a'] }, 'Fn::Join: it takes a list'],
  ['a Join of objects', { 'Fn::Join': ['-', [{ a: 1, b: 2 }]] }, 'Fn::Join: it takes texts'],
  ['a Select beyond the end', { 'Fn::Select': [2, ['a']] }, 'Fn::Select: nothing stands at 2'],
  ['an If of two', { 'Fn::If': ['Always', 1] }, 'Fn::If: it takes a condition and two values'],
  [
    'an output by another role',
    { 'Fn::GetStackOutput': { StackName: 's', OutputName: 'o', RoleArn: 'r' } },
    'Fn::GetStackOutput: the local cloud does not know RoleArn',
  ],
])('%s is refused with its place', (_, value, message) => {
  expect(() => resolve([value], scope)).toThrow(`stack test, Thing (AWS::Thing): ${message}`);
});

it.each<[unknown, boolean]>([
  [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }, true],
  [{ 'Fn::Equals': ['a', 'b'] }, false],
  [{ 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }, true],
  [{ 'Fn::And': [{ Condition: 'Always' }, { Condition: 'Never' }] }, false],
  [{ 'Fn::Or': [{ Condition: 'Never' }, { Condition: 'Always' }] }, true],
  [{ 'Fn::Contains': [['a', 'b'], 'b'] }, true],
])('the condition %j holds: %j', (condition, expected) => {
  expect(holds(condition, scope)).toBe(expected);
});

it.each([{ 'Fn::EachMemberIn': [] }, 'true', null])('the condition %j is refused', (condition) => {
  expect(() => holds(condition, scope)).toThrow('the local cloud does not know the condition');
});
