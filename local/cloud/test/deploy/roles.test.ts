import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, lab, resource } from '../fixtures/stacks.ts';

let aws: Lab;
beforeEach(async () => {
  aws = await lab();
});
afterEach(() => aws.cloud.close());

const ref = (Ref: string) => ({ Ref });
const statement = (Action: string, Resource = '*') => ({ Effect: 'Allow', Action, Resource });
const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const trust = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const role = (properties: object = {}) =>
  resource('IAM::Role', { RoleName: 'issue', AssumeRolePolicyDocument: trust, ...properties });
const principal = 'arn:aws:iam::000000000000:role/issue';

/** Whether the role may do it. */
const may = (action: string, on = 'arn:aws:sqs:us-east-1:000000000000:work') =>
  aws.cloud.iam.isAllowed({ principal, action, resource: on });

const inline = (...statements: readonly object[]) => ({
  Policies: [{ PolicyName: 'rights', PolicyDocument: document(...statements) }],
});

describe('a role may do what is allowed', () => {
  it('in its inline policies', async () => {
    aws.deploy({ Resources: { Role: role(inline(statement('sqs:SendMessage'))) } });
    expect(await may('sqs:SendMessage')).toBe(true);
    expect(await may('sqs:ReceiveMessage')).toBe(false);
  });

  it('in policies that stand beside it, until they leave', async () => {
    const policy = (Action: string) =>
      resource('IAM::Policy', {
        PolicyName: 'more',
        PolicyDocument: document(statement(Action)),
        Roles: [ref('Role')],
      });
    const Role = role(inline(statement('sqs:SendMessage')));
    aws.deploy({ Resources: { Role, More: policy('sqs:ReceiveMessage') } });
    expect(await may('sqs:ReceiveMessage')).toBe(true);
    aws.deploy({ Resources: { Role, More: policy('sqs:DeleteMessage') } });
    expect(await may('sqs:ReceiveMessage')).toBe(false);
    expect(await may('sqs:DeleteMessage')).toBe(true);
    aws.deploy({ Resources: { Role } });
    expect(await may('sqs:DeleteMessage')).toBe(false);
    expect(await may('sqs:SendMessage')).toBe(true);
  });

  it('in managed policies, whichever of the two names the other', async () => {
    const managed = (name: string, Action: string, more: object = {}) =>
      resource('IAM::ManagedPolicy', {
        ManagedPolicyName: name,
        PolicyDocument: document(statement(Action)),
        ...more,
      });
    aws.deploy({
      Resources: {
        Role: role({ ManagedPolicyArns: [ref('Named')] }),
        Named: managed('named', 'sqs:SendMessage'),
        Naming: managed('naming', 'sqs:ReceiveMessage', { Roles: [ref('Role')] }),
      },
    });
    expect(await may('sqs:SendMessage')).toBe(true);
    expect(await may('sqs:ReceiveMessage')).toBe(true);
    aws.deploy({ Resources: { Role: role() } });
    expect(await may('sqs:SendMessage')).toBe(false);
    expect(await may('sqs:ReceiveMessage')).toBe(false);
  });

  it('and nothing once it is gone', async () => {
    aws.deploy({ Resources: { Role: role(inline(statement('sqs:SendMessage'))) } });
    aws.deploy({ Resources: {} });
    expect(await may('sqs:SendMessage')).toBe(false);
    expect(aws.cloud.iam.role(principal)).toBeNull();
  });
});

it('statements keep their names', async () => {
  const Sid = 'SendWork';
  aws.deploy({ Resources: { Role: role(inline({ ...statement('sqs:SendMessage'), Sid })) } });
  await may('sqs:SendMessage');
  expect(aws.cloud.iam.decisions.at(-1)).toMatchObject({
    role: principal,
    decidedBy: [{ policy: 'rights', sid: Sid }],
  });
});

it.each<[string, object, RegExp]>([
  [
    "a policy of AWS's own",
    { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
    /does not know the policy arn:aws:iam::aws:policy\/ReadOnlyAccess/,
  ],
  [
    'more inline policy than fits',
    inline(statement('sqs:SendMessage', 'a'.repeat(10_240))),
    /Maximum policy size of 10240 bytes exceeded for issue/,
  ],
  [
    'more trust than fits',
    { AssumeRolePolicyDocument: document(statement('x', 'a'.repeat(2_048))) },
    /2048 bytes exceeded/,
  ],
])('a role with %s is refused', (_, properties, message) => {
  expect(() => aws.deploy({ Resources: { Role: role(properties) } })).toThrow(message);
});

it('a managed policy that is too long, and an eleventh one, are refused', () => {
  const managed = (Resource: string) =>
    resource('IAM::ManagedPolicy', {
      PolicyDocument: document(statement('sqs:SendMessage', Resource)),
      Roles: [ref('Role')],
    });
  const Role = role();
  expect(() => aws.deploy({ Resources: { Role, M: managed('a'.repeat(6_144)) } })).toThrow(
    '6144 bytes exceeded',
  );
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`M${n}`, managed('*')]));
  expect(() => aws.deploy({ Resources: { Role, ...many } })).toThrow('PoliciesPerRole: 10');
});

it('the names of roles are the same in every region', () => {
  aws.deploy({ Resources: { Role: role() } });
  const there = { region: 'eu-west-1', stackName: 'other' };
  expect(() => aws.deploy({ Resources: { Role: role() } }, there)).toThrow('issue already exists');
});
