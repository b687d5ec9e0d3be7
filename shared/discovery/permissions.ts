import type { Permission } from '#shared/schema/plugin.ts';

/** In each place where discovery looks. The kinds of targets add what they need (`whenTagged`). */
export const discoveryPermissions = [
  {
    sid: 'FindByTag',
    stages: ['verify'],
    actions: ['tag:GetResources'],
    resources: ['*'],
    reason:
      'Finds what carries the tag of a certificate. The action has no resource-level permissions, and shows names and tags.',
  },
] as const satisfies readonly Permission[];
