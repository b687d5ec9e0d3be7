import * as z from 'zod';
import { managedTag, permissionNames as names } from '#shared/installation.ts';
import { accountSchema } from '#shared/schema/account.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import { elbLooks } from '../elb-looks.ts';
import { isTagged } from '../found/is-tagged.ts';
import type { TargetSpec } from '../target.ts';

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
  }),
  example: { type: 'clb', loadBalancer: 'legacy-shop', port: 443 },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/ssl-server-cert.html
  keyAlgorithms: ['rsa-2048'],
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
