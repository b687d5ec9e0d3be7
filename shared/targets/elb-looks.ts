import type { Permission } from '#shared/schema/plugin.ts';

/** The looks that all kinds of load balancers need. Describe actions of Elastic Load Balancing have no resource-level permissions. */
export const elbLooks = [
  {
    sid: 'LookAtLoadBalancers',
    stages: ['rebind', 'verify'],
    actions: ['elasticloadbalancing:DescribeLoadBalancers'],
    resources: ['*'],
    reason: 'Elastic Load Balancing supports no resource-level permissions for Describe actions.',
  },
  {
    sid: 'LookAtTags',
    stages: ['rebind'],
    actions: ['elasticloadbalancing:DescribeTags'],
    resources: ['*'],
    reason:
      'Tags say who manages a listener that somebody has changed. Describe actions have no resource-level permissions.',
  },
] as const satisfies readonly Permission[];
