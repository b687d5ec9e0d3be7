import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

/** It trusts the visitor's account. */
export const visitedRole = 'arn:aws:iam::111122223333:role/certkeep';

export async function visitSts(aws: AwsCommand): Promise<void> {
  const me = await aws.run('sts', 'GetCallerIdentity');
  expect(me.Arn).toBe('arn:aws:iam::000000000000:user/AKIAVISITOR');
  const role = ['--role-arn', visitedRole];
  const assumed = await aws.run('sts', 'AssumeRole', ...role, '--role-session-name', 'visit');
  expect(assumed.AssumedRoleUser.Arn).toBe('arn:aws:sts::111122223333:assumed-role/certkeep/visit');
}
