import { AccountPrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Config } from '#shared/config/config.ts';
import { arnsIn } from '../arns.ts';

/** By its name and not as a principal, which IAM binds to the role's id: a role made again is still ours. */
export function exactly({ home }: Config, role: string): IPrincipal {
  return new AccountPrincipal(home.account).withConditions({
    ArnEquals: { 'aws:PrincipalArn': arnsIn(home).role(role) },
  });
}
