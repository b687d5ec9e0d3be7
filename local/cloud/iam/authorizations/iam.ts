import { globalArnOf } from '../../wire/arn.ts';
import type { Row, Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const iamTable: Table = {
  GetRole: onRole('iam:GetRole'),
  ListRolePolicies: onRole('iam:ListRolePolicies'),
  GetRolePolicy: onRole('iam:GetRolePolicy'),
  ListAttachedRolePolicies: onRole('iam:ListAttachedRolePolicies'),
  SimulatePrincipalPolicy: ({ PolicySourceArn = '' }: { readonly PolicySourceArn?: string }) => [
    { action: 'iam:SimulatePrincipalPolicy', resource: PolicySourceArn },
  ],
};

function onRole(action: string): Row {
  return ({ RoleName = '' }: { readonly RoleName?: string }, asker) => [
    { action, resource: globalArnOf('iam', asker, `role/${RoleName}`) },
  ];
}
