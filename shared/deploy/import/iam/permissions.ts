import { managedTag, permissionNames as names } from '#shared/installation.ts';
import type { Permission } from '#shared/schema/plugin.ts';

const certificates = `arn:{partition}:iam::{account}:server-certificate${names.serverCertificatePath('{region}')}*`;

/** Deploy's permissions at the server certificates of IAM in a place that is retired: nothing that adds any. */
export const retiredServerCertificatePermissions = [
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
    sid: 'FindUsersOfServerCertificates',
    stages: ['import'],
    actions: ['elasticloadbalancing:DescribeLoadBalancers'],
    resources: ['*'],
    reason:
      'IAM tells nobody who uses a server certificate, and may delete one in use: the load balancers are asked first.',
  },
  {
    sid: 'DeleteOwnServerCertificates',
    stages: ['import'],
    actions: ['iam:DeleteServerCertificate'],
    resources: [certificates],
    conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
    reason: 'Deleted is only what the installation uploaded for this region, and has tagged.',
  },
] as const satisfies readonly Permission[];

/** Deploy's permissions at the server certificates of IAM in a place. */
export const serverCertificatePermissions = [
  ...retiredServerCertificatePermissions,
  {
    sid: 'UploadServerCertificates',
    stages: ['import'],
    actions: ['iam:UploadServerCertificate', 'iam:TagServerCertificate'],
    resources: [certificates],
    conditions: { StringEquals: { [`aws:RequestTag/${managedTag}`]: names.installation } },
    reason: 'Each version is a server certificate of its own, with the tag of the installation.',
  },
] as const satisfies readonly Permission[];
