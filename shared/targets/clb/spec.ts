import * as z from 'zod';
import { managedTag, permissionNames as names } from '#shared/installation.ts';
import { keyAlgorithms } from '#shared/key-algorithm.ts';
import { accountSchema } from '#shared/schema/account.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import { elbLooks } from '../elb-looks.ts';
import { isTagged } from '../found/is-tagged.ts';
import type { TargetSpec } from '../target.ts';
import { serverCertificatesFit } from './checks.ts';

const marking = {
  sid: 'MarkClassicLoadBalancers',
  stages: ['rebind'],
  actions: ['elasticloadbalancing:AddTags'],
  resources: ['arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/*'],
  conditions: {
    'ForAllValues:StringLike': { 'aws:TagKeys': ['certkeep:previous-of:*'] },
    Null: { 'aws:TagKeys': 'false' },
  },
  reason:
    'Before certkeep replaces somebody else’s certificate, it tags the listener with that certificate: a rollback puts nothing else back. It may add only this tag, which has a meaning only at a listener that the configuration names, or that is approved.',
} as const satisfies Permission;

export const clbSpec = {
  type: 'clb',
  summary: 'Classic Load Balancer: the certificate of one HTTPS or SSL listener.',
  tested: {
    against: 'other emulators',
    how: 'The scenarios of [Classic Load Balancers](clouds.md#classic-elb) run on moto too.',
  },
  schema: z.strictObject({
    type: z.literal('clb'),
    loadBalancer: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,32}$/, 'is not the name of a Classic Load Balancer')
      .describe('The name of the load balancer.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .default(443)
      .describe('The port of its HTTPS or SSL listener.'),
    region: z.string().optional().describe('Its region, if that is not the home region.'),
    account: accountSchema
      .optional()
      .describe('Its account in quotes, if that is not the home account.'),
    store: z
      .enum(['acm', 'iam'])
      .optional()
      .describe(
        'Where its certificates are: `acm` unless it is given, or `iam` for server certificates of IAM, which may have ECDSA keys and RSA keys of more than 2048 bits.',
      ),
  }),
  example: { type: 'clb', loadBalancer: 'legacy-shop', port: 443 },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/ssl-server-cert.html
  keyAlgorithms: ['rsa-2048'],
  keyAlgorithmsFromIam: keyAlgorithms,
  notes: [
    'With `store: iam`, each version is a server certificate of its own in IAM, below the path `/<installation>/<region>/`: it is uploaded, bound and proven, and the one before is deleted three days after the last Classic Load Balancer has left it. Its ARN is published nowhere, and `adopt: in-place` has no meaning, since IAM replaces nothing.',
    'IAM takes 20 server certificates in an account unless its quota is higher (1,000 at most), and each renewal needs a second one for these days. Where they are all taken, the listener keeps the certificate that it has, and you hear of `ImportQuotaReached`.',
    'AWS tells nobody when a server certificate ends: the notices of ACM, which certkeep has as the last defence in each region, are about certificates in ACM alone.',
    'Security Hub reports a listener with a certificate from IAM (ELB.2). Without `store: iam` certificates are in ACM, which gives a Classic Load Balancer RSA keys of 2048 bits alone.',
    'A listener that gets another `store` is a new target for certkeep: name the place that it leaves under `retired: places` if no other target is there, `"123456789012/us-east-1/iam"` for IAM.',
  ],
  warnings: [serverCertificatesFit],
  permissions: [
    ...elbLooks,
    {
      sid: 'BindClassicLoadBalancers',
      stages: ['rebind'],
      actions: ['elasticloadbalancing:SetLoadBalancerListenerSSLCertificate'],
      resources: [
        'arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{loadBalancer}',
      ],
      otherwise: {
        resources: ['arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/*'],
        conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
        meaning: `It is allowed for what carries the tag ${managedTag} with the name of the installation: tag the load balancers that the configuration names.`,
      },
      reason: 'Binds the certificate to the listener named in the configuration.',
    },
    marking,
  ],
  whenTagged: [
    ...elbLooks,
    {
      sid: 'BindTaggedClassicLoadBalancers',
      stages: ['rebind'],
      actions: ['elasticloadbalancing:SetLoadBalancerListenerSSLCertificate'],
      resources: ['arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/*'],
      conditions: isTagged,
      reason:
        'Binds the certificate to load balancers that carry the tag certkeep:certificate, once they are approved. Without the tag none can be changed.',
    },
    marking,
  ],
} as const satisfies TargetSpec;
