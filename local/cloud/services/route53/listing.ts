import type {
  ListHostedZonesByNameCommandInput,
  ListHostedZonesByNameResponse,
  ListHostedZonesCommandInput,
  ListHostedZonesResponse,
  ListResourceRecordSetsCommandInput,
  ListResourceRecordSetsResponse,
} from '@aws-sdk/client-route-53';
import { normalName, sortKey } from '../../dns/names.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { writeRecordSet } from './record-sets.ts';
import { newestRecords, type Route53State, zoneAt, zonesOf } from './state.ts';
import { describeZone } from './views.ts';

const mostZonesPerPage = 100;
const mostRecordSetsPerPage = 300;

export function listResourceRecordSets(
  state: Route53State,
  input: ListResourceRecordSetsCommandInput,
  call: Call,
): ListResourceRecordSetsResponse {
  const zone = zoneAt(state, input.HostedZoneId, call);
  const { StartRecordName: startName, StartRecordType: startType } = input;
  const startIdentifier = input.StartRecordIdentifier ?? '';
  if (startType !== undefined && startName === undefined) {
    throw new AwsError('InvalidInput', 'Invalid request: StartRecordType without StartRecordName');
  }
  supportOnly('ListResourceRecordSets', input, [
    'HostedZoneId',
    'StartRecordName',
    'StartRecordType',
    'StartRecordIdentifier',
    'MaxItems',
  ]);
  const start =
    startName === undefined ? '' : `${sortKey(startName)} ${startType ?? ''} ${startIdentifier}`;
  const sorted = [...newestRecords(zone).values()]
    .flatMap((types) => [...types.values()])
    .map((set) => ({ set, key: `${sortKey(set.name)} ${set.type} ${set.identifier ?? ''}` }))
    .filter(({ key }) => key >= start)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ set }) => set);
  const { page, next, limit } = paginate(sorted, input.MaxItems, mostRecordSetsPerPage);
  return {
    ResourceRecordSets: page.map(writeRecordSet),
    IsTruncated: next !== undefined,
    MaxItems: limit,
    ...(next && { NextRecordName: next.name, NextRecordType: next.type }),
    ...(next?.identifier !== undefined && { NextRecordIdentifier: next.identifier }),
  };
}

/** Lists zones in the order of creation; AWS promises no order. */
export function listHostedZones(
  state: Route53State,
  input: ListHostedZonesCommandInput,
  call: Call,
): ListHostedZonesResponse {
  supportOnly('ListHostedZones', input, ['Marker', 'MaxItems']);
  const zones = [...zonesOf(state, call).zones.values()];
  const marker = input.Marker;
  const from = marker === undefined ? 0 : zones.findIndex((zone) => zone.id === marker);
  if (from < 0) throw new AwsError('InvalidInput', `The specified marker is not valid: ${marker}`);
  const { page, next, limit } = paginate(zones.slice(from), input.MaxItems, mostZonesPerPage);
  return {
    HostedZones: page.map(describeZone),
    Marker: marker ?? '',
    IsTruncated: next !== undefined,
    MaxItems: limit,
    ...(next && { NextMarker: next.id }),
  };
}

export function listHostedZonesByName(
  state: Route53State,
  input: ListHostedZonesByNameCommandInput,
  call: Call,
): ListHostedZonesByNameResponse {
  const { DNSName: startName, HostedZoneId: startId } = input;
  if (startId !== undefined && startName === undefined) {
    throw new AwsError('InvalidInput', 'Invalid request: HostedZoneId without DNSName');
  }
  const plainId = (startId ?? '').replace(/^\/?hostedzone\//, '');
  const start = startName === undefined ? '' : `${sortKey(startName)} ${plainId}`;
  const sorted = [...zonesOf(state, call).zones.values()]
    .map((zone) => ({ zone, key: `${sortKey(zone.name)} ${zone.id}` }))
    .filter(({ key }) => key >= start)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ zone }) => zone);
  const { page, next, limit } = paginate(sorted, input.MaxItems, mostZonesPerPage);
  return {
    HostedZones: page.map(describeZone),
    IsTruncated: next !== undefined,
    MaxItems: limit,
    ...(startName !== undefined && { DNSName: normalName(startName) }),
    ...(startId !== undefined && { HostedZoneId: plainId }),
    ...(next && { NextDNSName: next.name, NextHostedZoneId: next.id }),
  };
}

function paginate<Item>(items: readonly Item[], asked: number | undefined, most: number) {
  const limit = Math.min(Number(asked ?? most), most);
  if (!(limit >= 1))
    throw new AwsError('InvalidInput', 'Invalid request: MaxItems must be at least 1');
  return { page: items.slice(0, limit), next: items[limit], limit };
}
