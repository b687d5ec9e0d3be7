import type {
  CreateHostedZoneCommandInput,
  CreateHostedZoneResponse,
  GetHostedZoneCommandInput,
  GetHostedZoneResponse,
} from '@aws-sdk/client-route-53';
import { normalName } from '../../dns/names.ts';
import { nameServerDomain } from '../../dns/public-dns.ts';
import { type RecordSet, setKey } from '../../dns/zone.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import {
  newId,
  type Records,
  type Route53State,
  submit,
  type Zone,
  zoneAt,
  zonesOf,
} from './state.ts';
import { changeInfo, describeZone } from './views.ts';

export function createHostedZone(
  state: Route53State,
  input: CreateHostedZoneCommandInput,
  call: Call,
): CreateHostedZoneResponse {
  supportOnly('CreateHostedZone', input, ['Name', 'VPC', 'CallerReference', 'HostedZoneConfig']);
  const { zones } = zonesOf(state, call);
  const callerReference = input.CallerReference ?? '';
  if ([...zones.values()].some((zone) => zone.callerReference === callerReference)) {
    throw new AwsError(
      'HostedZoneAlreadyExists',
      `A hosted zone has already been created with the specified caller reference: ${callerReference}`,
      409,
    );
  }
  if (!input.Name || !/^[^.].*[^.]\.?$/.test(input.Name)) {
    throw new AwsError('InvalidDomainName', `${input.Name} is not a valid domain name`);
  }
  const zone = newZone(state, { ...input, Name: input.Name });
  zones.set(zone.id, zone);
  const change = submit(state, zone, zone.versions[0]?.records ?? new Map(), call);
  return {
    HostedZone: describeZone(zone),
    ChangeInfo: changeInfo(change, state.clock.now()),
    DelegationSet: { NameServers: [...zone.nameServers] },
    Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
  };
}

function newZone(
  { clock }: Route53State,
  { Name, CallerReference, HostedZoneConfig, VPC }: CreateHostedZoneCommandInput & { Name: string },
): Zone {
  const id = newId('Z');
  const name = normalName(Name);
  const nameServers = [1, 2, 3, 4].map((n) => `ns-${n}.${id.toLowerCase()}.${nameServerDomain}`);
  return {
    id,
    name,
    nameServers,
    callerReference: CallerReference ?? '',
    comment: HostedZoneConfig?.Comment,
    isPrivate: VPC !== undefined || HostedZoneConfig?.PrivateZone === true,
    // The records of a new zone exist when it is delegated, so nobody sees it empty.
    versions: [{ records: apexRecords(name, nameServers), servedFrom: clock.now() }],
  };
}

function apexRecords(name: string, nameServers: readonly string[]): Records {
  const ns = nameServers.map((server) => `${server}.`);
  const soa = `${ns[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  const sets: RecordSet[] = [
    { name, type: 'NS', ttlSeconds: 172_800, values: ns },
    { name, type: 'SOA', ttlSeconds: 900, values: [soa] },
  ];
  return new Map([[name, new Map(sets.map((set) => [setKey(set), set]))]]);
}

export function getHostedZone(
  state: Route53State,
  { Id }: GetHostedZoneCommandInput,
  call: Call,
): GetHostedZoneResponse {
  const zone = zoneAt(state, Id, call);
  return {
    HostedZone: describeZone(zone),
    ...(!zone.isPrivate && { DelegationSet: { NameServers: [...zone.nameServers] } }),
  };
}
