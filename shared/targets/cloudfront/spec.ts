import * as z from 'zod';
import { managedTag, permissionNames as names } from '#shared/installation.ts';
import { keyAlgorithms } from '#shared/key-algorithm.ts';
import { accountSchema } from '#shared/schema/account.ts';
import { hints } from '#shared/schema/hints.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import { isTagged } from '../found/is-tagged.ts';
import type { TargetSpec } from '../target.ts';
import { partitionHasCloudFront } from './checks.ts';

const distributions = ['arn:{partition}:cloudfront::{account}:distribution/{distribution}'];
const all = ['arn:{partition}:cloudfront::{account}:distribution/*'];

const tagging = [
  {
    sid: 'LookAtTagsOfDistributions',
    stages: ['rebind'],
    actions: ['cloudfront:ListTagsForResource'],
    resources: all,
    reason: 'Tags say which certificate the distribution had before certkeep, and who manages it.',
  },
  {
    sid: 'MarkDistributions',
    stages: ['rebind'],
    actions: ['cloudfront:TagResource'],
    resources: all,
    conditions: {
      'ForAllValues:StringLike': { 'aws:TagKeys': ['certkeep:previous-of:*'] },
      Null: { 'aws:TagKeys': 'false' },
    },
    reason:
      'Before certkeep replaces somebody else’s certificate, it tags the distribution with that certificate: a rollback puts nothing else back. It may add only this tag, which has a meaning only at a distribution that the configuration names, or that is approved.',
  },
] as const satisfies readonly Permission[];

export const cloudfrontSpec = {
  type: 'cloudfront',
  summary: 'CloudFront: the certificate of a distribution.',
  tested: {
    against: 'other emulators',
    how: 'The scenarios of [CloudFront](clouds.md#cloudfront) run on moto too, which checks little of a change.',
  },
  schema: z.strictObject({
    type: z.literal('cloudfront'),
    distribution: z
      .string()
      .regex(/^E[A-Z0-9]{6,31}$/, 'is not the id of a distribution')
      .register(hints, {
        fix: 'Write its id, such as E2QWRUHAPOMQZL: aws cloudfront list-distributions --query "DistributionList.Items[].[Id,DomainName,Aliases.Items]".',
      })
      .describe('The id of the distribution, such as `E2QWRUHAPOMQZL`.'),
    account: accountSchema
      .optional()
      .describe('Its account in quotes, if that is not the home account.'),
  }),
  example: { type: 'cloudfront', distribution: 'E2QWRUHAPOMQZL' },
  // RSA up to 4,096 bits, P-256 and P-384:
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
  keyAlgorithms,
  isForTrustedOnly: true,
  notes: [
    'The certificate is imported into ACM in `us-east-1`, from where CloudFront takes it, whatever the home region is. There is one for each distribution, so that no client can choose between an ECDSA and an RSA key.',
    'It must cover every alias of the distribution: certkeep changes nothing where one would be left, and names it. It asks for the aliases alone, since CloudFront answers for any other name with a certificate of its own; of a distribution without aliases it only knows what it holds.',
    'certkeep changes the certificate, and leaves its minimum of TLS and everything else as it is. Where CloudFront served its own certificate, it chooses `sni-only` and `TLSv1.2_2021`.',
    'A change takes minutes to reach every edge, and a renewal on the same ARN up to a day, as AWS says: the target is proven when it is there, and nothing is put back before. Within the last day of a certificate, its renewal gets a new ARN, which is faster.',
    'While a continuous deployment policy is attached, CloudFront changes no certificate: detach it first. A renewal on the same ARN needs no change. Staging distributions, and those for tenants only, are not bound.',
    'CloudFront takes certificates of CAs that browsers trust, so that none of a staging issuer can be tried out there. In China it takes none from ACM, only IAM server certificates, which certkeep uploads for Classic Load Balancers alone: distributions there are not supported.',
  ],
  checks: [partitionHasCloudFront],
  permissions: [
    {
      sid: 'LookAtDistributions',
      stages: ['rebind', 'verify'],
      actions: ['cloudfront:GetDistribution'],
      resources: distributions,
      otherwise: {
        resources: all,
        meaning: 'It is allowed for every distribution of the account, which it only reads.',
      },
      reason: 'Shows which certificate the distribution has, and whether its last change is there.',
    },
    {
      sid: 'BindDistributions',
      stages: ['rebind'],
      actions: ['cloudfront:UpdateDistribution'],
      resources: distributions,
      otherwise: {
        resources: all,
        conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
        meaning: `It is allowed for what carries the tag ${managedTag} with the name of the installation: tag the distributions that the configuration names.`,
      },
      reason:
        'Binds the certificate to the distribution named in the configuration. AWS has no condition that limits which part of it changes: whoever has this right may also point it elsewhere.',
    },
    ...tagging,
  ],
  whenTagged: [
    {
      sid: 'LookAtAllDistributions',
      stages: ['rebind', 'verify'],
      actions: ['cloudfront:GetDistribution'],
      resources: all,
      reason:
        'Shows which certificate a distribution has, also one that has lost its tag. It only reads.',
    },
    {
      sid: 'BindTaggedDistributions',
      stages: ['rebind'],
      actions: ['cloudfront:UpdateDistribution'],
      resources: all,
      conditions: isTagged,
      reason:
        'Binds the certificate to distributions that carry the tag certkeep:certificate, once they are approved. Without the tag none can be changed.',
    },
    ...tagging,
  ],
} as const satisfies TargetSpec;
