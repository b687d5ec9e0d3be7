import { globalArnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import { onAll, type Row, requestTags, type Table, type Tag } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const iamTable: Table = {
  GetRole: onRole('iam:GetRole'),
  ListRolePolicies: onRole('iam:ListRolePolicies'),
  GetRolePolicy: onRole('iam:GetRolePolicy'),
  ListAttachedRolePolicies: onRole('iam:ListAttachedRolePolicies'),
  UploadServerCertificate: onUpload,
  GetServerCertificate: onServerCertificate('iam:GetServerCertificate'),
  DeleteServerCertificate: onServerCertificate('iam:DeleteServerCertificate'),
  ListServerCertificates: onAll('iam:ListServerCertificates'),
  SimulatePrincipalPolicy: ({ PolicySourceArn = '' }: { readonly PolicySourceArn?: string }) => [
    { action: 'iam:SimulatePrincipalPolicy', resource: PolicySourceArn },
  ],
};

function onRole(action: string): Row {
  return ({ RoleName = '' }: { readonly RoleName?: string }, asker) => [
    { action, resource: globalArnOf('iam', asker, `role/${RoleName}`) },
  ];
}

type Uploaded = {
  readonly ServerCertificateName?: string;
  readonly Path?: string;
  readonly Tags?: readonly Tag[];
};

function onUpload({ ServerCertificateName = '', Path = '/', Tags }: Uploaded, asker: Asker) {
  const resource = globalArnOf('iam', asker, `server-certificate${Path}${ServerCertificateName}`);
  const context = requestTags(Tags);
  return [
    { action: 'iam:UploadServerCertificate', resource, context },
    // No page says it of uploads; IAM says it of everything else that gets tags as it is made (id_tags.html).
    ...(Tags?.length ? [{ action: 'iam:TagServerCertificate', resource, context }] : []),
  ];
}

/**
 * A request has the name alone, and IAM looks for the path. Where there is no such certificate there is no path, and a right
 * to a path does not suffice to hear that.
 */
function onServerCertificate(action: string): Row {
  return ({ ServerCertificateName: name = '' }: Uploaded, asker, { serverCertificate }) => [
    {
      action,
      resource:
        serverCertificate(asker, name) ?? globalArnOf('iam', asker, `server-certificate/${name}`),
    },
  ];
}
