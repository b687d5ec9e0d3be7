import { managedTag, permissionNames as names } from '#shared/installation.ts';
import type { TargetSpec } from '../target.ts';
import { albCheck, listsHaveRoom } from './checks.ts';
import { albSchema } from './schema.ts';

export const albSpec = {
  type: 'alb',
  summary:
    'Application Load Balancer: the default certificate of an HTTPS listener, one of its SNI list, or both.',
  schema: albSchema,
  example: {
    type: 'alb',
    listener:
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2',
    certificate: 'sni',
  },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
  keyAlgorithms: ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
  checks: [albCheck],
  warnings: [listsHaveRoom],
  permissions: [
    {
      sid: 'LookAtListeners',
      stages: ['rebind', 'verify'],
      actions: [
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeListenerCertificates',
      ],
      resources: ['*'],
      reason: 'Elastic Load Balancing supports no resource-level permissions for Describe actions.',
    },
    {
      // The spec of Classic Load Balancers has the same statement, so that both share one.
      sid: 'LookAtLoadBalancers',
      stages: ['rebind', 'verify'],
      actions: ['elasticloadbalancing:DescribeLoadBalancers'],
      resources: ['*'],
      reason: 'Elastic Load Balancing supports no resource-level permissions for Describe actions.',
    },
    {
      // Both kinds of load balancers share this statement.
      sid: 'LookAtTags',
      stages: ['rebind'],
      actions: ['elasticloadbalancing:DescribeTags'],
      resources: ['*'],
      reason:
        'Tags say who manages a listener that somebody has changed. Describe actions have no resource-level permissions.',
    },
    {
      sid: 'BindListeners',
      stages: ['rebind'],
      actions: [
        'elasticloadbalancing:ModifyListener',
        'elasticloadbalancing:AddListenerCertificates',
        'elasticloadbalancing:RemoveListenerCertificates',
      ],
      resources: ['{listener}'],
      otherwise: {
        resources: ['arn:{partition}:elasticloadbalancing:{region}:{account}:listener/app/*'],
        conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
        meaning: `It is allowed for what carries the tag ${managedTag} with the name of the installation: tag the listeners that the configuration names.`,
      },
      reason: 'Binds the certificate to the listener named in the configuration.',
    },
    {
      sid: 'MarkListeners',
      stages: ['rebind'],
      actions: ['elasticloadbalancing:AddTags'],
      resources: ['arn:{partition}:elasticloadbalancing:{region}:{account}:listener/app/*'],
      conditions: {
        'ForAllValues:StringLike': { 'aws:TagKeys': ['certkeep:previous-of:*'] },
        Null: { 'aws:TagKeys': 'false' },
      },
      reason:
        'Before certkeep replaces somebody else’s certificate, it tags the listener with that certificate: a rollback puts nothing else back. It may add only this tag, which has a meaning only at a listener that the configuration names.',
    },
  ],
} as const satisfies TargetSpec;
