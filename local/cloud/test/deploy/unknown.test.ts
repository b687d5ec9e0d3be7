import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTemplate } from '#cloud/deploy/template.ts';
import { type Lab, lab, resource, type Sections } from '../fixtures/stacks.ts';

let aws: Lab;
beforeAll(async () => {
  aws = await lab();
});
afterAll(() => aws.cloud.close());

const queue = (properties: object = {}, beside: object = {}) => ({
  Resources: { Queue: resource('SQS::Queue', properties, beside) },
});
const here = 'stack test, Queue (AWS::SQS::Queue)';

it.each<[string, Sections, string]>([
  [
    'types, all of them at once',
    { Resources: { A: resource('EC2::Instance'), B: resource('SQS::Queue'), C: resource('X::Y') } },
    'stack test: the local cloud does not know the types of A (AWS::EC2::Instance), C (AWS::X::Y)',
  ],
  [
    'a property',
    queue({ FifoThroughputLimit: 'perQueue' }),
    `${here}: the local cloud does not know the property FifoThroughputLimit`,
  ],
  [
    'a property within another',
    queue({ RedrivePolicy: { deadLetterTargetArn: 'a', maxReceiveCount: 1, extra: 1 } }),
    `${here}: the local cloud does not know the property RedrivePolicy.extra`,
  ],
  ['a value', queue({ FifoQueue: false }), `${here}: FifoQueue: Invalid`],
  [
    'an intrinsic function',
    queue({ QueueName: { 'Fn::Cidr': [] } }),
    `${here}: the local cloud does not know the intrinsic function Fn::Cidr`,
  ],
  ['a logical id', queue({ QueueName: { Ref: 'Nobody' } }), `${here}: Ref: there is no Nobody`],
  [
    'an attribute',
    { ...queue(), Outputs: { O: { Value: { 'Fn::GetAtt': ['Queue', 'Size'] } } } },
    'stack test, output O: Fn::GetAtt: the local cloud does not know the attribute Size of Queue (AWS::SQS::Queue)',
  ],
  ['a condition', queue({}, { Condition: 'Nowhere' }), `${here}: there is no condition Nowhere`],
  ['a dependency', queue({}, { DependsOn: 'Nobody' }), 'stack test, Queue: there is no Nobody'],
  [
    'an SSM parameter',
    {
      ...queue({ QueueName: { Ref: 'P' } }),
      Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/other' } },
    },
    `${here}: the local cloud does not know the SSM parameter /other`,
  ],
  [
    'an output of another stack',
    queue({ QueueName: { 'Fn::GetStackOutput': { StackName: 's', OutputName: 'o' } } }),
    `${here}: Fn::GetStackOutput: the stack s of 000000000000/us-east-1 has no output o`,
  ],
  ['what a service refuses', queue({ VisibilityTimeout: -1 }), `${here}: InvalidAttributeValue: `],
])('an unknown %s stops the deployment with its place', (_, sections, message) => {
  expect(() => aws.deploy(sections)).toThrow(message);
});

it('nothing is created where a type is not known', () => {
  const Resources = { A: resource('SQS::Queue', { QueueName: 'early' }), B: resource('X::Y') };
  expect(() => aws.deploy({ Resources })).toThrow('X::Y');
  expect(aws.cloud.sqs.queue('us-east-1', 'early')).toBeNull();
});

it('resources that need each other are reported', () => {
  const need = (other: string) =>
    resource('SQS::Queue', { QueueName: { 'Fn::Sub': `\${${other}}` } });
  expect(() => aws.deploy({ Resources: { A: need('B'), B: need('A') } })).toThrow(
    'stack test: resources depend on each other: A -> B -> A',
  );
});

const queueWith = (beside: object) => ({ A: { Type: 'AWS::SQS::Queue', ...beside } });

it.each<[object, RegExp]>([
  [{ Mappings: {} }, /Unrecognized key: "Mappings"/],
  [{ Transform: 'AWS::Serverless' }, /Unrecognized key: "Transform"/],
  [
    { Resources: queueWith({ UpdatePolicy: {} }) },
    /Unrecognized key: "UpdatePolicy"\s+→ at Resources.A/,
  ],
  [
    { Resources: queueWith({ DeletionPolicy: 'Snapshot' }) },
    /"Delete".*"Retain".*at Resources.A.Del/s,
  ],
  [{ Outputs: { O: { Value: 1, Export: {} } } }, /Unrecognized key: "Export"\s+→ at Outputs.O/],
  [
    { Parameters: { P: { Type: 'Number', Default: '1' } } },
    /SSM::Parameter.*at Parameters.P.Type/s,
  ],
])('a template with %j is not read', (sections, message) => {
  const read = () => readTemplate('test', { Resources: {}, ...sections });
  expect(read).toThrow(/^the template of test: /);
  expect(read).toThrow(message);
});

it('an inert resource is left out on purpose, but not the resources that it names', () => {
  const DashboardBody = { 'Fn::GetAtt': ['Queue', 'QueueName'] };
  const Dashboard = resource('CloudWatch::Dashboard', { DashboardBody });
  aws.deploy({ Resources: { ...queue({ QueueName: 'watched' }).Resources, Dashboard } });
  expect(aws.cloud.sqs.queue('us-east-1', 'watched')).not.toBeNull();
});
