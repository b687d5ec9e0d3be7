import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { given, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
export const stsTable: Table = {
  // "No permissions are required": an explicit deny does not stop it either (API_GetCallerIdentity.html).
  GetCallerIdentity: () => [],
  AssumeRole: ({ RoleArn = '', RoleSessionName, ExternalId }: AssumeRoleCommandInput) => [
    {
      action: 'sts:AssumeRole',
      resource: RoleArn,
      context: given({ 'sts:ExternalId': ExternalId, 'sts:RoleSessionName': RoleSessionName }),
    },
  ],
};
