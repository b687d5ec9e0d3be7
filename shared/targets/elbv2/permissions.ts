import { managedTag, permissionNames as names } from '#shared/installation.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import { elbLooks } from '../elb-looks.ts';
import type { ListenerKind } from './listener-kind.ts';

/** Statements of the same id become one, so that a role with both kinds has each once. */
export function listenerPermissions({ form }: ListenerKind): readonly Permission[] {
  const listeners = `arn:{partition}:elasticloadbalancing:{region}:{account}:listener/${form}/*`;
  return [
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
    ...elbLooks,
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
        resources: [listeners],
        conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
        meaning: `It is allowed for what carries the tag ${managedTag} with the name of the installation: tag the listeners that the configuration names.`,
      },
      reason: 'Binds the certificate to the listener named in the configuration.',
    },
    {
      sid: 'MarkListeners',
      stages: ['rebind'],
      actions: ['elasticloadbalancing:AddTags'],
      resources: [listeners],
      conditions: {
        'ForAllValues:StringLike': { 'aws:TagKeys': ['certkeep:previous-of:*'] },
        Null: { 'aws:TagKeys': 'false' },
      },
      reason:
        'Before certkeep replaces somebody else’s certificate, it tags the listener with that certificate: a rollback puts nothing else back. It may add only this tag, which has a meaning only at a listener that the configuration names.',
    },
  ];
}
