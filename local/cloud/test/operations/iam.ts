import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

const rights = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};

/** The role that the visited cloud has. */
export const visitedInIam = {
  arn: 'arn:aws:iam::000000000000:role/visited',
  trust: { Version: '2012-10-17', Statement: [] },
  inline: new Map([['rights', rights]]),
  attached: [],
};

export async function visitIam(aws: AwsCommand): Promise<void> {
  const of = ['--role-name', 'visited'];
  const run = (operation: string, ...args: readonly string[]) =>
    aws.run('iam', operation, ...of, ...args);
  const { Role } = await run('GetRole');
  expect(Role).toMatchObject({
    Arn: visitedInIam.arn,
    AssumeRolePolicyDocument: visitedInIam.trust,
  });
  expect(await run('ListRolePolicies')).toMatchObject({ PolicyNames: ['rights'] });
  const { PolicyDocument } = await run('GetRolePolicy', '--policy-name', 'rights');
  expect(PolicyDocument).toEqual(rights);
  expect(await run('ListAttachedRolePolicies')).toMatchObject({ AttachedPolicies: [] });
  const asked = ['--action-names', 's3:GetObject', '--resource-arns', 'arn:aws:s3:::a/b'];
  const may = ['--policy-source-arn', visitedInIam.arn, ...asked];
  expect(await aws.run('iam', 'SimulatePrincipalPolicy', ...may)).toMatchObject({
    EvaluationResults: [{ EvalActionName: 's3:GetObject', EvalDecision: 'allowed' }],
  });
}
