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
