import * as z from 'zod';
import type { PluginSpec } from '#shared/plugin.ts';

const anyZone = {
  resources: ['arn:{partition}:route53:::hostedzone/*'],
  meaning:
    'It is allowed in every hosted zone of the account; written are TXT records at _acme-challenge only.',
};

export const route53Spec = {
  type: 'route53',
  summary: 'DNS-01 through the public hosted zones of Amazon Route 53.',
  schema: z.strictObject({
    type: z.literal('route53'),
    hostedZoneId: z
      .string()
      .regex(/^Z[A-Z0-9]{1,31}$/, 'is not the id of a hosted zone')
      .optional()
      .describe('The zone to write to; otherwise the longest public zone that holds the name.'),
  }),
  example: { type: 'route53' },
  permissions: [
    {
      sid: 'FindZones',
      stages: ['issue'],
      actions: ['route53:ListHostedZonesByName'],
      resources: ['*'],
      reason: 'Route 53 supports no resource-level permission for listing zones.',
    },
    {
      sid: 'ReadChallengeValues',
      stages: ['issue'],
      actions: ['route53:ListResourceRecordSets'],
      resources: ['arn:{partition}:route53:::hostedzone/{zone}'],
      otherwise: anyZone,
      reason: 'Reads the TXT values that others keep at the same name.',
    },
    {
      sid: 'WriteChallengeValues',
      stages: ['issue'],
      actions: ['route53:ChangeResourceRecordSets'],
      resources: ['arn:{partition}:route53:::hostedzone/{zone}'],
      conditions: {
        'ForAllValues:StringLike': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['_acme-challenge.*'],
        },
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'],
          'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
        },
        // Without it a request that carries no such key would satisfy ForAllValues.
        Null: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'false' },
      },
      otherwise: anyZone,
      reason: 'Publishes and removes challenge values, and nothing else.',
    },
    {
      sid: 'FollowChanges',
      stages: ['issue'],
      actions: ['route53:GetChange'],
      resources: ['arn:{partition}:route53:::change/*'],
      reason: 'Change ids are not known beforehand.',
    },
  ],
} as const satisfies PluginSpec;
