import { IAM } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callerOptions } from '#cloud/kit/client-options.ts';
import { type Lab, lab, resource } from '../fixtures/stacks.ts';

const trust = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};
const rights = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' }],
};
const RoleName = 'certkeep-check';

let aws: Lab;
let iam: IAM;
beforeAll(async () => {
  aws = await lab();
  iam = new IAM(callerOptions(aws.cloud));
  const named = { PolicyDocument: rights, Roles: [{ Ref: 'Role' }] };
  aws.deploy({
    Resources: {
      Role: resource('IAM::Role', {
        RoleName,
        Description: 'Checks.',
        AssumeRolePolicyDocument: trust,
        Policies: [{ PolicyName: 'inline', PolicyDocument: rights }],
      }),
      Added: resource('IAM::Policy', { PolicyName: 'added', ...named }),
      Attached: resource('IAM::ManagedPolicy', { ManagedPolicyName: 'attached', ...named }),
    },
  });
});
afterAll(() => aws.cloud.close());

const decoded = (text = '') => JSON.parse(decodeURIComponent(text));

test('a role is shown with its trust', async () => {
  const { Role } = await iam.getRole({ RoleName });
  expect(Role).toMatchObject({
    RoleName,
    Arn: `arn:aws:iam::000000000000:role/${RoleName}`,
    Description: 'Checks.',
    CreateDate: new Date('2026-11-22T03:00:00Z'),
  });
  expect(decoded(Role?.AssumeRolePolicyDocument)).toEqual(trust);
});

test('its policies are listed, inline and attached', async () => {
  expect(await iam.listRolePolicies({ RoleName })).toMatchObject({
    PolicyNames: ['added', 'inline'],
    IsTruncated: false,
  });
  const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName });
  const PolicyArn = 'arn:aws:iam::000000000000:policy/attached';
  expect(AttachedPolicies).toEqual([{ PolicyName: 'attached', PolicyArn }]);
  for (const PolicyName of ['added', 'inline']) {
    const { PolicyDocument } = await iam.getRolePolicy({ RoleName, PolicyName });
    expect(decoded(PolicyDocument)).toEqual(rights);
  }
});

test('what is not there is told by name', async () => {
  const missing = { name: 'NoSuchEntityException' };
  await expect(iam.getRole({ RoleName: 'none' })).rejects.toMatchObject(missing);
  await expect(iam.getRolePolicy({ RoleName, PolicyName: 'none' })).rejects.toMatchObject(missing);
});

test('what its policies alone would allow is simulated', async () => {
  const { EvaluationResults } = await iam.simulatePrincipalPolicy({
    PolicySourceArn: `arn:aws:iam::000000000000:role/${RoleName}`,
    ActionNames: ['s3:GetObject', 's3:PutObject'],
    ResourceArns: ['arn:aws:s3:::a/b', 'arn:aws:s3:::b/b'],
  });
  expect(
    EvaluationResults?.map((each) => [
      each.EvalActionName,
      each.EvalResourceName,
      each.EvalDecision,
    ]),
  ).toEqual([
    ['s3:GetObject', 'arn:aws:s3:::a/b', 'allowed'],
    ['s3:GetObject', 'arn:aws:s3:::b/b', 'implicitDeny'],
    ['s3:PutObject', 'arn:aws:s3:::a/b', 'implicitDeny'],
    ['s3:PutObject', 'arn:aws:s3:::b/b', 'implicitDeny'],
  ]);
});

test('condition keys that nobody has given are named', async () => {
  const Condition = {
    StringEquals: { 'aws:PrincipalTag/team': 'web', 'aws:RequestedRegion': 'r' },
  };
  const Statement = [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*', Condition }];
  aws.deploy({
    Resources: {
      Conditioned: resource('IAM::Role', {
        RoleName: 'conditioned',
        AssumeRolePolicyDocument: trust,
        Policies: [{ PolicyName: 'rights', PolicyDocument: { Version: '2012-10-17', Statement } }],
      }),
    },
  });
  const ask = async (...keys: readonly (readonly [string, string])[]) => {
    const { EvaluationResults: [result] = [] } = await iam.simulatePrincipalPolicy({
      PolicySourceArn: 'arn:aws:iam::000000000000:role/conditioned',
      ActionNames: ['s3:PutObject'],
      ResourceArns: ['arn:aws:s3:::a/b'],
      ContextEntries: keys.map(([ContextKeyName, value]) => ({
        ...{ ContextKeyName, ContextKeyType: 'string', ContextKeyValues: [value] },
      })),
    });
    return [result?.EvalDecision, result?.MissingContextValues];
  };
  const region = ['aws:RequestedRegion', 'r'] as const;
  expect(await ask(region)).toEqual(['implicitDeny', ['aws:principaltag/team']]);
  expect(await ask(region, ['aws:PrincipalTag/team', 'web'])).toEqual(['allowed', []]);
  expect(await ask(region, ['aws:PrincipalTag/team', 'ops'])).toEqual(['implicitDeny', []]);
});

test('only roles that are there are simulated', async () => {
  const of = (PolicySourceArn: string) =>
    iam.simulatePrincipalPolicy({ PolicySourceArn, ActionNames: ['s3:GetObject'] });
  await expect(of('arn:aws:iam::000000000000:role/none')).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
  await expect(of('arn:aws:iam::000000000000:user/somebody')).rejects.toMatchObject({
    name: 'InvalidInputException',
  });
});
