import { type Identity, roleSession } from '../wire/accounts.ts';
import type { Context } from './authorizations/requests.ts';
import { type Policy, policyOf } from './policies.ts';
import type { IamState } from './state.ts';

/** Somebody who asks. */
export type Principal = {
  readonly arn: string;
  readonly account: string;
  readonly role: string;
  readonly caller: string | null;
  readonly policies: readonly { readonly name: string; readonly policy: Policy }[];
  readonly context: Context;
};

const administrator = policyOf({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

export function inRole(state: IamState, identity: Identity, role: string): Principal {
  return {
    arn: identity.arn,
    account: identity.account,
    role,
    caller: identity.caller,
    // A deleted role allows its sessions nothing.
    policies: state.policies.get(role) ?? [],
    context: {
      'aws:PrincipalArn': role,
      'aws:PrincipalAccount': identity.account,
      'aws:PrincipalType': 'AssumedRole',
      'aws:PrincipalIsAWSService': 'false',
      'aws:userid': identity.userId,
    },
  };
}

/** The principal behind the ARN of a role, or the name of a service. */
export function principalNamed(state: IamState, name: string): Principal {
  const session = roleSession({ role: name, sessionName: 'aws', caller: null });
  return session ? inRole(state, session, name) : service(name);
}

export function person({ arn, account, caller }: Identity): Principal {
  return {
    arn,
    account,
    role: arn,
    caller,
    policies: [{ name: 'AdministratorAccess', policy: administrator }],
    context: { 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': account },
  };
}

/** A service that acts for itself: only the policy of a resource can admit it. */
function service(name: string): Principal {
  return {
    arn: name,
    account: '',
    role: name,
    caller: null,
    policies: [],
    context: { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': name },
  };
}
