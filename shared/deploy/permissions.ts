import { managedTag, permissionNames as names } from '#shared/installation.ts';
import type { Permission } from '#shared/schema/plugin.ts';

const certificates = 'arn:{partition}:acm:{region}:{account}:certificate/*';

const lookPermissions = [
  {
    sid: 'LookAtCertificates',
    stages: ['import'],
    actions: ['acm:DescribeCertificate', 'acm:GetCertificate', 'acm:ListTagsForCertificate'],
    resources: [certificates],
    reason:
      'Somebody else’s certificates are looked at too before they are replaced or left alone. Which certificate it is, only the certificate itself says: it is public, and its key stays in ACM.',
  },
  {
    sid: 'FindCertificates',
    stages: ['import'],
    actions: ['acm:ListCertificates'],
    resources: ['*'],
    reason: 'ACM supports no resource-level permission for listing.',
  },
] as const satisfies readonly Permission[];

const deletePermission = {
  sid: 'DeleteOwnCertificates',
  stages: ['import'],
  actions: ['acm:DeleteCertificate'],
  resources: [certificates],
  conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
  reason: 'Deleted is only what carries the tag of the installation.',
} as const satisfies Permission;

const parameters = `arn:{partition}:ssm:{region}:{account}:parameter${names.parameterPath}/*`;

/** Deploy's permissions in every place, filled in for each. The targets' own permissions are added. */
export const placePermissions = [
  ...lookPermissions,
  {
    sid: 'ImportNewCertificates',
    stages: ['import'],
    actions: ['acm:ImportCertificate', 'acm:AddTagsToCertificate'],
    resources: [certificates],
    conditions: { StringEquals: { [`aws:RequestTag/${managedTag}`]: names.installation } },
    reason:
      'A new certificate carries the tag of the installation from the beginning; one that is adopted in place gets it first.',
  },
  {
    sid: 'RenewOwnCertificates',
    stages: ['import'],
    actions: ['acm:ImportCertificate'],
    resources: [certificates],
    conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
    reason: 'Imported over is only what carries the tag of the installation.',
  },
  {
    sid: 'DisownCertificates',
    stages: ['import'],
    actions: ['acm:RemoveTagsFromCertificate'],
    resources: [certificates],
    conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
    reason:
      'A certificate that could not be adopted in place loses the tag of the installation again.',
  },
  deletePermission,
  {
    sid: 'PublishArns',
    stages: ['import'],
    actions: ['ssm:PutParameter'],
    resources: [parameters],
    reason: 'Tells other stacks the ARN of each certificate.',
  },
] as const satisfies readonly Permission[];

/** The permission to ask from inside of the network of a place. */
export const insidePermissions = [
  {
    sid: 'AskFromInside',
    stages: ['rebind', 'verify'],
    actions: ['lambda:InvokeFunction'],
    resources: [`arn:{partition}:lambda:{region}:{account}:function:${names.function('inside')}`],
    reason: 'The function of the place asks endpoints that nobody can ask from outside.',
  },
] as const satisfies readonly Permission[];

/** Deploy's permissions in a retired place: to remove its own resources, and nothing that adds any. */
export const retiredPlacePermissions = [
  ...lookPermissions,
  deletePermission,
  {
    sid: 'WithdrawArns',
    stages: ['import'],
    actions: ['ssm:DeleteParameter'],
    resources: [parameters],
    reason: 'No stack is to be told the ARN of what is deleted.',
  },
] as const satisfies readonly Permission[];

/** Permissions to reach places in other accounts, whose own roles allow the rest. */
export const reachPermissions = [
  {
    sid: 'ReachPlaces',
    stages: ['import'],
    actions: ['sts:AssumeRole'],
    resources: [`arn:{partition}:iam::{placeAccount}:role/${names.placeRole}`],
    otherwise: {
      resources: [`arn:{partition}:iam::*:role/${names.placeRole}`],
      meaning: 'It is allowed for the role of this name in every account that trusts it.',
    },
    reason: 'Deploys to other accounts, and cleans up in those that are retired.',
  },
  {
    sid: 'ReachPlacesToLook',
    stages: ['verify'],
    actions: ['sts:AssumeRole'],
    resources: [`arn:{partition}:iam::{targetAccount}:role/${names.placeReaderRole}`],
    otherwise: {
      resources: [`arn:{partition}:iam::*:role/${names.placeReaderRole}`],
      meaning: 'It is allowed for the role of this name in every account that trusts it.',
    },
    reason: 'Asks load balancers of other accounts where they listen.',
  },
] as const satisfies readonly Permission[];
