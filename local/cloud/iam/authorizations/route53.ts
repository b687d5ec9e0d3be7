import type { ChangeResourceRecordSetsCommandInput } from '@aws-sdk/client-route-53';
import { normalName } from '../../dns/names.ts';
import { placelessArnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import { onAll, type Row, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html */
export const route53Table: Table = {
  CreateHostedZone: onAll('route53:CreateHostedZone'),
  GetHostedZone: onZone('route53:GetHostedZone'),
  ListHostedZones: onAll('route53:ListHostedZones'),
  ListHostedZonesByName: onAll('route53:ListHostedZonesByName'),
  ListResourceRecordSets: onZone('route53:ListResourceRecordSets'),
  ChangeResourceRecordSets(input: ChangeResourceRecordSetsCommandInput, asker) {
    const changes = input.ChangeBatch?.Changes ?? [];
    const sets = changes.map(({ ResourceRecordSet }) => ResourceRecordSet);
    const condition = 'route53:ChangeResourceRecordSets';
    return [
      {
        action: 'route53:ChangeResourceRecordSets',
        resource: arnIn(asker, `hostedzone/${bare(input.HostedZoneId)}`),
        context: {
          [`${condition}NormalizedRecordNames`]: sets.map((set) => normalized(set?.Name ?? '')),
          [`${condition}RecordTypes`]: sets.map((set) => set?.Type ?? ''),
          [`${condition}Actions`]: changes.map(({ Action }) => Action ?? ''),
        },
      },
    ];
  },
  GetChange: (input: { readonly Id: string | undefined }, asker) => [
    { action: 'route53:GetChange', resource: arnIn(asker, `change/${bare(input.Id)}`) },
  ],
};

function onZone(action: string): Row {
  return (input: { readonly Id?: string; readonly HostedZoneId?: string }, asker) => [
    { action, resource: arnIn(asker, `hostedzone/${bare(input.Id ?? input.HostedZoneId)}`) },
  ];
}

/** Route 53 ARNs contain no region and no account. */
function arnIn(asker: Asker, resource: string): string {
  return placelessArnOf('route53', asker, resource);
}

/** Ids may have the form of answers: `/hostedzone/Z1`. */
function bare(id: string | undefined): string {
  return (id ?? '').replace(/^\/?(hostedzone|change)\//, '');
}

/**
 * "The record name must be: all lowercase letters, without a trailing dot, with escape codes in the
 * format \three-digit octal code" for other characters (specifying-conditions-route53.html).
 */
function normalized(name: string): string {
  return normalName(name).replace(/\.$/, '');
}
