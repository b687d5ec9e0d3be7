import type {
  ChangeResourceRecordSetsCommandInput,
  ChangeResourceRecordSetsResponse,
  CreateHostedZoneCommandInput,
  CreateHostedZoneResponse,
  GetChangeCommandInput,
  GetChangeResponse,
  GetHostedZoneCommandInput,
  GetHostedZoneResponse,
  ListHostedZonesByNameCommandInput,
  ListHostedZonesCommandInput,
  ListResourceRecordSetsCommandInput,
} from '@aws-sdk/client-route-53';
import type { Clock } from '../clock.ts';
import type { ServedZone } from '../dns/zone.ts';
import { AwsError, type Call, type Operations } from '../wire/service.ts';
import { supportOnly } from '../wire/supported.ts';
import { applyBatch } from './route53/change-batch.ts';
import { describeZone, listRecordSets, listZones, listZonesByName } from './route53/listing.ts';
import { meteredRoute53, type Route53Rates } from './route53/rates.ts';
import {
  changeInfo,
  newestRecords,
  type Zone,
  type ZoneStore,
  zoneStore,
} from './route53/zones.ts';

export type Route53State = {
  /** The zones of all accounts as the public name servers see them now, with changes in sync only. */
  publicZones(): readonly ServedZone[];
  /** Changes take this long to be in sync from now on. */
  setInsyncMs(ms: number): void;
};

/** AWS says "Generally within 60 seconds"; in practice it takes a few seconds. */
const usualInsyncMs = 5_000;

export function route53(options: {
  readonly clock: Clock;
  /** The time from a change to INSYNC; until then the name servers answer as before. */
  readonly insyncMs?: number;
  /** AWS's documented rates by default. */
  readonly rates?: Route53Rates;
}): Route53State & { readonly operations: Operations } {
  const { clock } = options;
  let insyncMs = options.insyncMs ?? usualInsyncMs;
  const accounts = new Map<string, ZoneStore>();

  function zonesOf({ account }: Call): ZoneStore {
    const zones = accounts.get(account) ?? zoneStore(clock, () => insyncMs);
    accounts.set(account, zones);
    return zones;
  }

  function inAccount<Input, Output>(operation: (zones: ZoneStore, input: Input) => Output) {
    return (input: Input, call: Call): Output => operation(zonesOf(call), input);
  }

  function getChange(zones: ZoneStore, input: GetChangeCommandInput): GetChangeResponse {
    return { ChangeInfo: changeInfo(zones.change(input.Id), clock.now()) };
  }

  function changeRecordSets(
    zones: ZoneStore,
    input: ChangeResourceRecordSetsCommandInput,
  ): ChangeResourceRecordSetsResponse {
    const zone = zones.zone(input.HostedZoneId);
    const records = applyBatch(zone.name, newestRecords(zone), input.ChangeBatch?.Changes);
    const change = zones.submit(zone, records, input.ChangeBatch?.Comment);
    return { ChangeInfo: changeInfo(change, clock.now()) };
  }

  function createZone(
    zones: ZoneStore,
    input: CreateHostedZoneCommandInput,
  ): CreateHostedZoneResponse {
    const { zone, change } = newZone(zones, input);
    return {
      HostedZone: describeZone(zone),
      ChangeInfo: changeInfo(change, clock.now()),
      DelegationSet: { NameServers: [...zone.nameServers] },
      Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
    };
  }

  const operations: Operations = {
    CreateHostedZone: inAccount(createZone),
    GetHostedZone: inAccount(getZone),
    ListHostedZones: inAccount((zones, input: ListHostedZonesCommandInput) =>
      listZones(zones.all(), input),
    ),
    ListHostedZonesByName: inAccount((zones, input: ListHostedZonesByNameCommandInput) =>
      listZonesByName(zones.all(), input),
    ),
    ListResourceRecordSets: inAccount((zones, input: ListResourceRecordSetsCommandInput) =>
      listRecordSets(zones.zone(input.HostedZoneId), input),
    ),
    ChangeResourceRecordSets: inAccount(changeRecordSets),
    GetChange: inAccount(getChange),
  };

  return {
    operations: meteredRoute53(operations, options),
    publicZones: () => [...accounts.values()].flatMap((zones) => zones.served()),
    setInsyncMs: (ms) => {
      insyncMs = ms;
    },
  };
}

function newZone(zones: ZoneStore, input: CreateHostedZoneCommandInput) {
  supportOnly('CreateHostedZone', input, ['Name', 'VPC', 'CallerReference', 'HostedZoneConfig']);
  const callerReference = input.CallerReference ?? '';
  if (zones.all().some((zone) => zone.callerReference === callerReference)) {
    throw new AwsError(
      'HostedZoneAlreadyExists',
      `A hosted zone has already been created with the specified caller reference: ${callerReference}`,
      409,
    );
  }
  if (!input.Name || !/^[^.].*[^.]\.?$/.test(input.Name)) {
    throw new AwsError('InvalidDomainName', `${input.Name} is not a valid domain name`);
  }
  return zones.create({
    name: input.Name,
    callerReference,
    comment: input.HostedZoneConfig?.Comment,
    isPrivate: input.VPC !== undefined || input.HostedZoneConfig?.PrivateZone === true,
  });
}

function getZone(zones: ZoneStore, input: GetHostedZoneCommandInput): GetHostedZoneResponse {
  const zone: Zone = zones.zone(input.Id);
  return {
    HostedZone: describeZone(zone),
    ...(!zone.isPrivate && { DelegationSet: { NameServers: [...zone.nameServers] } }),
  };
}
