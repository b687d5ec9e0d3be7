import type { SolverSpec } from '../solver-spec.ts';
import { route53Check } from './checks.ts';
import { route53Schema } from './schema.ts';

const zones = ['arn:{partition}:route53:::hostedzone/{zone}'];
const writeTxtOnly = {
  'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'],
  'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
};
// Without this, a request that lacks the key would satisfy ForAllValues.
const withKeys = { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'false' };

const anyZone = {
  resources: ['arn:{partition}:route53:::hostedzone/*'],
  meaning:
    'It is allowed in every hosted zone of the account, but only for TXT records at _acme-challenge.',
};

export const route53Spec = {
  type: 'route53',
  summary:
    'DNS-01 through the public hosted zones of Amazon Route 53, of this account or of another one through a role.',
  tested: {
    against: 'other emulators',
    how: 'The scenarios of [TXT records](clouds.md#route-53-txt-records) run on moto too. Pebble asks the DNS that the local Route 53 serves.',
  },
  schema: route53Schema,
  example: { type: 'route53' },
  checks: [route53Check],
  permissions: [
    {
      sid: 'FindZones',
      stages: ['issue'],
      actions: ['route53:ListHostedZonesByName'],
      resources: ['*'],
      needs: 'zone',
      reason: 'Route 53 supports no resource-level permission for listing zones.',
    },
    {
      sid: 'LookAtZones',
      stages: ['issue'],
      actions: ['route53:GetHostedZone', 'route53:ListResourceRecordSets'],
      resources: zones,
      otherwise: anyZone,
      reason: 'The name servers of a zone, and the TXT values that others keep at the same name.',
    },
    {
      sid: 'WriteChallengeValues',
      stages: ['issue'],
      actions: ['route53:ChangeResourceRecordSets'],
      resources: zones,
      conditions: {
        'ForAllValues:StringLike': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['_acme-challenge.*'],
        },
        'ForAllValues:StringEquals': writeTxtOnly,
        Null: withKeys,
      },
      otherwise: anyZone,
      reason: 'Publishes and removes challenge values, and nothing else.',
    },
    {
      sid: 'WriteDelegatedValues',
      stages: ['issue'],
      actions: ['route53:ChangeResourceRecordSets'],
      resources: ['arn:{partition}:route53:::hostedzone/{followedZone}'],
      conditions: { 'ForAllValues:StringEquals': writeTxtOnly, Null: withKeys },
      otherwise: {
        ...anyZone,
        meaning: 'It is allowed in every hosted zone of the account; written are TXT records only.',
      },
      needs: 'followedZone',
      reason: 'Where CNAMEs are followed, values go to names that only DNS knows; still TXT alone.',
    },
    {
      sid: 'FollowChanges',
      stages: ['issue'],
      actions: ['route53:GetChange'],
      resources: ['arn:{partition}:route53:::change/*'],
      needs: 'zone',
      reason: 'Change ids are not known beforehand.',
    },
    {
      sid: 'ActInDnsAccount',
      stages: ['issue'],
      actions: ['sts:AssumeRole'],
      resources: ['{role}'],
      otherwise: {
        resources: ['arn:{partition}:iam::*:role/{roleName}'],
        meaning: 'It is allowed for roles of these names in every account that trusts it.',
      },
      reason: 'The zones are in another account, whose role allows the rest.',
    },
  ],
} as const satisfies SolverSpec;
