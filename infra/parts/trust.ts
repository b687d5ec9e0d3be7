import { AccountPrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Config } from '#shared/config/config.ts';
import { arnsIn } from '../arns.ts';

/**
 * Trusts a role by its name and not as a principal, which IAM binds to the role's id: so a recreated role still works.
 * Somebody who creates a role of that name at home, after the stack is gone, does not know the external id.
 */
export function exactly({ externalId, home }: Config, role: string): IPrincipal {
  return new AccountPrincipal(home.account).withConditions({
    ArnEquals: { 'aws:PrincipalArn': arnsIn(home).role(role) },
    ...(externalId !== undefined && { StringEquals: { 'sts:ExternalId': externalId } }),
  });
}
