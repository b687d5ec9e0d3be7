import { managedTag, permissionNames as names } from '#shared/installation.ts';
import type { Permission } from '#shared/schema/plugin.ts';

const certificates = `arn:{partition}:iam::{account}:server-certificate${names.serverCertificatePath('{region}')}*`;

const lookAndDelete = [
  {
    sid: 'LookAtServerCertificates',
    stages: ['import'],
    actions: ['iam:GetServerCertificate'],
    resources: [certificates],
    reason:
      'Which certificate it is, only the certificate itself says. IAM never gives a key back.',
  },
  {
    sid: 'FindServerCertificates',
    stages: ['import'],
    actions: ['iam:ListServerCertificates'],
    resources: ['*'],
    reason: 'IAM supports no resource-level permission for listing.',
  },
  {
    sid: 'DeleteOwnServerCertificates',
    stages: ['import'],
    actions: ['iam:DeleteServerCertificate'],
    resources: [certificates],
    reason:
      'Deleted is only what the installation uploaded for this region: the path is its own. IAM names no condition on tags for a deletion; certkeep reads them before.',
  },
] as const satisfies readonly Permission[];

/** Deploy's permissions at the server certificates of IAM in a place. */
export const serverCertificatePermissions = [
  ...lookAndDelete,
  {
    sid: 'UploadServerCertificates',
    stages: ['import'],
    actions: ['iam:UploadServerCertificate', 'iam:TagServerCertificate'],
    resources: [certificates],
    conditions: { StringEquals: { [`aws:RequestTag/${managedTag}`]: names.installation } },
    reason: 'Each version is a server certificate of its own, with the tag of the installation.',
  },
] as const satisfies readonly Permission[];

/** In a place that is retired: nothing that adds any. Where there are targets, these bring the right to ask load balancers. */
export const retiredServerCertificatePermissions = [
  ...lookAndDelete,
  {
    sid: 'FindUsersOfServerCertificates',
    stages: ['import'],
    actions: ['elasticloadbalancing:DescribeLoadBalancers'],
    resources: ['*'],
    reason:
      'IAM tells nobody who uses a server certificate, and may delete one in use: the load balancers are asked first.',
  },
] as const satisfies readonly Permission[];
