import * as z from 'zod';
import { arnParameter, permissionNames as names } from '#shared/installation.ts';
import { keyAlgorithms } from '#shared/key-algorithm.ts';
import { accountSchema } from '#shared/schema/account.ts';
import { probeAddress } from '#shared/schema/probe-address.ts';
import type { TargetSpec } from '../target.ts';

const parameters = `arn:{partition}:ssm:{region}:{account}:parameter${names.parameterPath}/*`;

export const acmSpec = {
  type: 'acm',
  summary: 'ACM: imported, and its ARN published for whoever uses it; no load balancer is changed.',
  tested: {
    against: 'other emulators',
    how: 'The scenarios of ACM ([import](clouds.md#acm-import), [re-import](clouds.md#acm-re-import)) and of [parameters](clouds.md#systems-manager-parameters) run on moto too.',
  },
  schema: z.strictObject({
    type: z.literal('acm'),
    region: z.string().optional().describe('The region of ACM, if that is not the home region.'),
    account: accountSchema
      .optional()
      .describe('Its account in quotes, if that is not the home account.'),
    probe: probeAddress
      .optional()
      .describe(
        'A host that serves the certificate over TLS, with its port if that is not 443: certkeep asks it, so that the certificate is proven. Without it, nobody knows who serves it, and certkeep makes sure that ACM has it and that the parameter names it.',
      ),
  }),
  example: { type: 'acm', region: 'us-east-1', probe: 'www.example.com' },
  keyAlgorithms,
  notes: [
    `The parameter \`${arnParameter('<installation>', '<certificate>')}\` of Systems Manager holds its ARN. CloudFormation reads it with \`{{resolve:ssm:…}}\`, CDK with \`StringParameter.valueForStringParameter\`, Terraform with \`data "aws_ssm_parameter"\`.`,
    'A renewal is imported onto the same ARN, so that whatever uses it gets the new certificate without a deployment. A new ARN comes only where ACM refuses the old one or a way back needs it (another key algorithm, no name in common, a name that others still use): the parameter then names the new one, certkeep tells you what still uses the old one, and deletes that when nothing does.',
    'To keep the ARN of a certificate that somebody else has imported, write it into the parameter before the first deployment, and set `adopt: in-place`: `aws ssm put-parameter --type String --name /certkeep/shop/certificate-arn --value ARN`.',
    'This is the target for services that take the ARN of a certificate once and never another one (AppSync, IoT Core, Verified Access), and for those that certkeep has no target of its own for: Cognito, Amplify, OpenSearch, Transfer Family, VPC Lattice, Client VPN, Redshift. They take the renewed certificate from the same ARN. Those behind CloudFront (Cognito, Amplify, AppSync) need it in us-east-1.',
  ],
  permissions: [
    {
      sid: 'ReadPublishedArns',
      stages: ['rebind', 'verify'],
      actions: ['ssm:GetParameter'],
      resources: [parameters],
      reason: 'The parameter says which certificate others are told to use.',
    },
    {
      sid: 'ReadMarksOfParameters',
      stages: ['rebind'],
      actions: ['ssm:ListTagsForResource'],
      resources: [parameters],
      reason: 'Tags say which certificate the parameter named before certkeep.',
    },
    {
      sid: 'MarkParameters',
      stages: ['rebind'],
      actions: ['ssm:AddTagsToResource'],
      resources: [parameters],
      conditions: {
        'ForAllValues:StringLike': { 'aws:TagKeys': ['certkeep:previous-of:*'] },
        Null: { 'aws:TagKeys': 'false' },
      },
      reason:
        'Before certkeep publishes its certificate instead of somebody else’s, it tags the parameter with that certificate: a rollback publishes nothing else. It may add only this tag.',
    },
  ],
} as const satisfies TargetSpec;
