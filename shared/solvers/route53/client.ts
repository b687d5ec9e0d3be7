import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  type ListHostedZonesByNameCommandOutput,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { isAtOrBelow } from '#shared/dns/dns-client.ts';

export type HostedZone = {
  readonly zoneId: string;
  readonly name: string;
  readonly isPrivate: boolean;
};

/** How Route 53 chooses among several sets at one name. `other` is weighted, latency, geolocation and the like. */
type Routing = { readonly multivalue: string } | 'plain' | 'other';

/** `values` are quoted, as Route 53 writes them: we write the values of others back unchanged. */
export type TxtSet = {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly values: readonly string[];
  readonly routing: Routing;
};

export type TxtSwap = { readonly before: TxtSet | null; readonly after: TxtSet | null };

/** Names have no trailing dot and are in lower case. */
export type Route53 = {
  /** Returns at least the zones named `suffix` and those below it. */
  zonesIn(suffix: string): Promise<readonly HostedZone[]>;
  /** The zone with its name servers, where it is public. */
  zone(zoneId: string): Promise<HostedZone & { readonly nameServers: readonly string[] }>;
  /** Returns one plain set, or any number of others: Route 53 allows no plain set beside those. */
  txtAt(zoneId: string, name: string): Promise<readonly TxtSet[]>;
  /** Sends one batch that deletes each exact set before and creates the one after. Returns the change's id. */
  swap(zoneId: string, swaps: readonly TxtSwap[]): Promise<string>;
  isInSync(changeId: string): Promise<boolean>;
};

export function awsRoute53Client(options: ClientOptions): Route53 {
  const client = new Route53Client(options);
  return {
    zonesIn: (suffix) => zonesIn(client, suffix),

    async zone(zoneId) {
      const { HostedZone, DelegationSet } = await client.send(
        new GetHostedZoneCommand({ Id: zoneId }),
      );
      return {
        zoneId,
        name: normalName(HostedZone?.Name ?? ''),
        isPrivate: HostedZone?.Config?.PrivateZone ?? false,
        nameServers: (DelegationSet?.NameServers ?? []).map(normalName),
      };
    },

    txtAt: (zoneId, name) => txtAt(client, zoneId, name),

    async swap(zoneId, swaps) {
      const changes = swaps.flatMap(({ before, after }) => [
        ...(before ? [change('DELETE', before)] : []),
        ...(after ? [change('CREATE', after)] : []),
      ]);
      const command = new ChangeResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        ChangeBatch: { Changes: changes },
      });
      const { ChangeInfo } = await client.send(command).catch(throwNamed);
      return bareId(ChangeInfo?.Id ?? '');
    },

    async isInSync(changeId) {
      const { ChangeInfo } = await client.send(new GetChangeCommand({ Id: changeId }));
      return ChangeInfo?.Status === 'INSYNC';
    },
  };
}

/**
 * The answer to a refused batch may have the error at its root (API_ChangeResourceRecordSets.html) instead of inside an
 * `ErrorResponse`. The SDK then finds neither name nor message.
 */
function throwNamed(error: unknown): never {
  const { name, $metadata, Messages } = error as Nameless;
  const isNameless = name === 'Unknown' && $metadata?.httpStatusCode === 400;
  if (!isNameless) throw error;
  const message = [Messages?.Message ?? []].flat().join(' ');
  throw Object.assign(error as Error, { name: 'InvalidChangeBatch', message });
}

type Nameless = {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly Messages?: { readonly Message?: string | readonly string[] };
};

export function normalName(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}

/** The listing begins at or after the name and is sorted by reversed labels, so names in one domain stand together. */
async function zonesIn(client: Route53Client, suffix: string): Promise<readonly HostedZone[]> {
  const zones: HostedZone[] = [];
  let page: ListHostedZonesByNameCommandOutput | undefined;
  do {
    page = await client.send(
      new ListHostedZonesByNameCommand({
        DNSName: page?.NextDNSName ?? suffix,
        ...(page?.NextHostedZoneId ? { HostedZoneId: page.NextHostedZoneId } : {}),
      }),
    );
    for (const { Id, Name, Config } of page.HostedZones ?? []) {
      zones.push({
        zoneId: bareId(Id ?? ''),
        name: normalName(Name ?? ''),
        isPrivate: Config?.PrivateZone ?? false,
      });
    }
  } while (page.IsTruncated && isAtOrBelow(normalName(page.NextDNSName ?? ''), suffix));
  return zones;
}

/** Several sets with identifiers can share one name and type; most names have one set, or none. */
async function txtAt(
  client: Route53Client,
  zoneId: string,
  name: string,
): Promise<readonly TxtSet[]> {
  const sets: TxtSet[] = [];
  let page: ListResourceRecordSetsCommandOutput | undefined;
  do {
    page = await client.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        StartRecordName: page?.NextRecordName ?? name,
        StartRecordType: page?.NextRecordType ?? 'TXT',
        ...(page?.NextRecordIdentifier ? { StartRecordIdentifier: page.NextRecordIdentifier } : {}),
        MaxItems: setsPerPage,
      }),
    );
    for (const set of page.ResourceRecordSets ?? []) {
      // The listing begins at or after the name, so the first set may belong to a neighbour.
      if (set.Type === 'TXT' && normalName(set.Name ?? '') === name) sets.push(txtSet(name, set));
    }
  } while (
    page.IsTruncated &&
    page.NextRecordType === 'TXT' &&
    normalName(page.NextRecordName ?? '') === name
  );
  return sets;
}

/** More sets are of no use: Route 53 answers with at most eight of them. */
const setsPerPage = 10;

function txtSet(name: string, set: ResourceRecordSet): TxtSet {
  return {
    name,
    ttlSeconds: set.TTL ?? 0,
    values: (set.ResourceRecords ?? []).map(({ Value = '' }) => Value),
    routing: routingOf(set),
  };
}

function routingOf({ SetIdentifier, MultiValueAnswer }: ResourceRecordSet): Routing {
  if (SetIdentifier === undefined) return 'plain';
  return MultiValueAnswer ? { multivalue: SetIdentifier } : 'other';
}

function change(
  action: 'CREATE' | 'DELETE',
  { name, ttlSeconds, values, routing }: TxtSet,
): Change {
  return {
    Action: action,
    ResourceRecordSet: {
      Name: name,
      Type: 'TXT',
      TTL: ttlSeconds,
      ResourceRecords: values.map((Value) => ({ Value })),
      ...(typeof routing === 'object' && {
        SetIdentifier: routing.multivalue,
        MultiValueAnswer: true,
      }),
    },
  };
}

/** Route 53 answers `/hostedzone/Z123` and `/change/C123`. */
function bareId(id: string): string {
  return id.replace(/^\/[a-z]+\//, '');
}
