import { managedTag, permissionNames as names } from '#shared/installation.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import { elbLooks } from '../elb-looks.ts';
import { isTagged } from '../found/is-tagged.ts';
import type { ListenerKind } from './listener-kind.ts';

const looks = [
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
] as const satisfies readonly Permission[];

const bindings = [
  'elasticloadbalancing:ModifyListener',
  'elasticloadbalancing:AddListenerCertificates',
  'elasticloadbalancing:RemoveListenerCertificates',
] as const;

/** Statements of the same id become one, so that a role with both kinds has each once. */
export function listenerPermissions({ form }: ListenerKind): readonly Permission[] {
  return [
    ...looks,
    {
      sid: 'BindListeners',
      stages: ['rebind'],
      actions: bindings,
      resources: ['{listener}'],
      otherwise: {
        resources: [listenersOf(form)],
        conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
        meaning: `It is allowed for what carries the tag ${managedTag} with the name of the installation: tag the listeners that the configuration names.`,
      },
      reason: 'Binds the certificate to the listener named in the configuration.',
    },
    marking(form),
  ];
}

/** The same for listeners that are found by their tag. */
export function taggedListenerPermissions({ form }: ListenerKind): readonly Permission[] {
  return [
    ...looks,
    {
      sid: 'BindTaggedListeners',
      stages: ['rebind'],
      actions: bindings,
      resources: [listenersOf(form)],
      conditions: isTagged,
      reason:
        'Binds the certificate to listeners that carry the tag certkeep:certificate, once they are approved. Without the tag none can be changed.',
    },
    marking(form),
  ];
}

function listenersOf(form: ListenerKind['form']): string {
  return `arn:{partition}:elasticloadbalancing:{region}:{account}:listener/${form}/*`;
}

function marking(form: ListenerKind['form']): Permission {
  return {
    sid: 'MarkListeners',
    stages: ['rebind'],
    actions: ['elasticloadbalancing:AddTags'],
    resources: [listenersOf(form)],
    conditions: {
      'ForAllValues:StringLike': { 'aws:TagKeys': ['certkeep:previous-of:*'] },
      Null: { 'aws:TagKeys': 'false' },
    },
    reason:
      'Before certkeep replaces somebody else’s certificate, it tags the listener with that certificate: a rollback puts nothing else back. It may add only this tag, which has a meaning only at a listener that the configuration names, or that is approved.',
  };
}
