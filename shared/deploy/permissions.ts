import type { Permission } from '#shared/plugin.ts';

const certificates = 'arn:{partition}:acm:{region}:{account}:certificate/*';

/** What deploy needs in every place, filled once for each. The targets' own come on top. */
export const placePermissions = [
  {
    sid: 'LookAtCertificates',
    stages: ['import'],
    actions: ['acm:DescribeCertificate', 'acm:ListTagsForCertificate'],
    resources: [certificates],
    reason: 'Somebody else’s certificates are looked at too before they are replaced.',
  },
  {
    sid: 'FindCertificates',
    stages: ['import'],
    actions: ['acm:ListCertificates'],
    resources: ['*'],
    reason: 'ACM supports no resource-level permission for listing.',
  },
  {
    sid: 'ImportNewCertificates',
    stages: ['import'],
    actions: ['acm:ImportCertificate', 'acm:AddTagsToCertificate'],
    resources: [certificates],
    conditions: { StringEquals: { 'aws:RequestTag/certkeep:managed': '{installation}' } },
    reason:
      'A new certificate carries the tag of the installation from the beginning; one that is adopted in place gets it first.',
  },
  {
    sid: 'ChangeOwnCertificates',
    stages: ['import'],
    actions: ['acm:ImportCertificate', 'acm:DeleteCertificate'],
    resources: [certificates],
    conditions: { StringEquals: { 'aws:ResourceTag/certkeep:managed': '{installation}' } },
    reason: 'Renewed and deleted is only what carries the tag of the installation.',
  },
  {
    sid: 'PublishArns',
    stages: ['import'],
    actions: ['ssm:PutParameter'],
    resources: ['arn:{partition}:ssm:{region}:{account}:parameter/{installation}/*'],
    reason: 'Tells other stacks the ARN of each certificate.',
  },
] as const satisfies readonly Permission[];

/** For places in other accounts, whose own roles allow the rest. */
export const reachPermissions = [
  {
    sid: 'ReachPlaces',
    stages: ['import'],
    actions: ['sts:AssumeRole'],
    resources: ['arn:{partition}:iam::{placeAccount}:role/{installation}-{homeRegion}-place'],
    reason: 'Deploys to other accounts.',
  },
  {
    sid: 'ReachPlacesToLook',
    stages: ['verify'],
    actions: ['sts:AssumeRole'],
    resources: [
      'arn:{partition}:iam::{placeAccount}:role/{installation}-{homeRegion}-place-reader',
    ],
    reason: 'Asks load balancers of other accounts where they listen.',
  },
] as const satisfies readonly Permission[];
