import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListHostedZonesByNameCommand,
  type ListHostedZonesByNameCommandOutput,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { ClientOptions } from '#shared/aws/clients.ts';

export type Zone = { readonly zoneId: string; readonly isPrivate: boolean };

/** `values` as Route 53 writes them, quoted: the values of others are only ever handed back unchanged. */
export type TxtSet = {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly values: readonly string[];
};

export type TxtSwap = { readonly before: TxtSet | null; readonly after: TxtSet | null };

/** Names without trailing dot, lower case. */
export type Route53 = {
  /** The zones of exactly this name. */
  zonesNamed(name: string): Promise<readonly Zone[]>;
  /** `several` when record sets with identifiers (weighted, multivalue, ...) are at the name. */
  txtAt(zoneId: string, name: string): Promise<TxtSet | 'several' | null>;
  /** One batch: takes each exact set before away and creates the one after. Returns the change's id. */
  swap(zoneId: string, swaps: readonly TxtSwap[]): Promise<string>;
  isInSync(changeId: string): Promise<boolean>;
};

export function awsRoute53Client(options: ClientOptions): Route53 {
  const client = new Route53Client(options);
  return {
    async zonesNamed(name) {
      const zones: Zone[] = [];
      let page: ListHostedZonesByNameCommandOutput | undefined;
      do {
        // The list begins at or after the name, in the order of reversed labels.
        page = await client.send(
          new ListHostedZonesByNameCommand({
            DNSName: page?.NextDNSName ?? name,
            ...(page?.NextHostedZoneId ? { HostedZoneId: page.NextHostedZoneId } : {}),
          }),
        );
        for (const { Id, Name, Config } of page.HostedZones ?? []) {
          if (normalName(Name ?? '') !== name) continue;
          zones.push({ zoneId: bareId(Id ?? ''), isPrivate: Config?.PrivateZone ?? false });
        }
      } while (page.IsTruncated && normalName(page.NextDNSName ?? '') === name);
      return zones;
    },

    async txtAt(zoneId, name) {
      const { ResourceRecordSets = [] } = await client.send(
        new ListResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          StartRecordName: name,
          StartRecordType: 'TXT',
          MaxItems: 1,
        }),
      );
      const set = ResourceRecordSets[0];
      // The list begins at or after the name: without looking it would be a neighbour's set.
      if (set?.Type !== 'TXT' || normalName(set.Name ?? '') !== name) return null;
      // Route 53 allows no simple set beside one with an identifier, so the first one tells.
      if (set.SetIdentifier !== undefined) return 'several';
      return {
        name,
        ttlSeconds: set.TTL ?? 0,
        values: (set.ResourceRecords ?? []).map(({ Value = '' }) => Value),
      };
    },

    async swap(zoneId, swaps) {
      const changes = swaps.flatMap(({ before, after }) => [
        ...(before ? [change('DELETE', before)] : []),
        ...(after ? [change('CREATE', after)] : []),
      ]);
      const { ChangeInfo } = await client.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          ChangeBatch: { Changes: changes },
        }),
      );
      return bareId(ChangeInfo?.Id ?? '');
    },

    async isInSync(changeId) {
      const { ChangeInfo } = await client.send(new GetChangeCommand({ Id: changeId }));
      return ChangeInfo?.Status === 'INSYNC';
    },
  };
}

export function normalName(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}

function change(action: 'CREATE' | 'DELETE', { name, ttlSeconds, values }: TxtSet): Change {
  return {
    Action: action,
    ResourceRecordSet: {
      Name: name,
      Type: 'TXT',
      TTL: ttlSeconds,
      ResourceRecords: values.map((Value) => ({ Value })),
    },
  };
}

/** Route 53 answers `/hostedzone/Z123` and `/change/C123`. */
function bareId(id: string): string {
  return id.replace(/^\/[a-z]+\//, '');
}
