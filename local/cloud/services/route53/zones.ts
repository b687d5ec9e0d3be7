import { randomBytes } from 'node:crypto';
import type { ChangeInfo } from '@aws-sdk/client-route-53';
import { addMs, type Clock } from '../../clock.ts';
import { normalName } from '../../dns/names.ts';
import { nameServerDomain } from '../../dns/public-dns.ts';
import { type RecordSet, type RecordSets, type ServedZone, setKey } from '../../dns/zone.ts';
import { AwsError } from '../../wire/service.ts';

export type Records = ReadonlyMap<string, RecordSets>;

export type Zone = {
  readonly id: string;
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string | undefined;
  readonly isPrivate: boolean;
  readonly nameServers: readonly string[];
  /** The newest version is last. The API shows it; the name servers show the newest one that is in sync. */
  versions: readonly { readonly records: Records; readonly servedFrom: Date }[];
};

export type Change = {
  readonly id: string;
  readonly submittedAt: Date;
  readonly insyncAt: Date;
  readonly comment: string | undefined;
};

export type ZoneStore = ReturnType<typeof zoneStore>;

/** The zones and changes of one account. Route 53 has no regions. */
export function zoneStore(clock: Clock, insyncMs: () => number) {
  const zones = new Map<string, Zone>();
  const changes = new Map<string, Change>();

  function submit(zone: Zone, records: Records, comment?: string): Change {
    const now = clock.now();
    const newest = zone.versions.at(-1)?.servedFrom ?? now;
    // A later change never overtakes an earlier one on the way to the name servers.
    const insyncAt = new Date(Math.max(addMs(now, insyncMs()).getTime(), newest.getTime()));
    const change = { id: newId('C'), submittedAt: now, insyncAt, comment };
    const servedAt = servedIndex(zone, now);
    zone.versions = [...zone.versions.slice(servedAt), { records, servedFrom: insyncAt }];
    changes.set(change.id, change);
    return change;
  }

  return {
    all: () => [...zones.values()],
    submit,
    create(request: Pick<Zone, 'callerReference' | 'comment' | 'isPrivate'> & { name: string }) {
      const id = newId('Z');
      const name = normalName(request.name);
      const nameServers = [1, 2, 3, 4].map(
        (n) => `ns-${n}.${id.toLowerCase()}.${nameServerDomain}`,
      );
      // The records of a new zone exist when it is delegated, so nobody sees it empty.
      const records = apexRecords(name, nameServers);
      const versions = [{ records, servedFrom: clock.now() }];
      const zone: Zone = { ...request, id, name, nameServers, versions };
      zones.set(id, zone);
      return { zone, change: submit(zone, records) };
    },
    zone(id = ''): Zone {
      const plain = id.replace(/^\/?hostedzone\//, '');
      const zone = zones.get(plain);
      if (!zone)
        throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${plain}`, 404);
      return zone;
    },
    change(id = ''): Change {
      const plain = id.replace(/^\/?change\//, '');
      const change = changes.get(plain);
      if (!change)
        throw new AwsError('NoSuchChange', `Could not find resource with ID: ${plain}`, 404);
      return change;
    },
    served: (): ServedZone[] =>
      [...zones.values()]
        .filter((zone) => !zone.isPrivate)
        .map((zone) => ({
          name: zone.name,
          records: zone.versions[servedIndex(zone, clock.now())]?.records ?? new Map(),
        })),
  };
}

export function newestRecords(zone: Zone): Records {
  return zone.versions.at(-1)?.records ?? new Map();
}

export function changeInfo(change: Change, now: Date): ChangeInfo {
  return {
    Id: `/change/${change.id}`,
    Status: now >= change.insyncAt ? 'INSYNC' : 'PENDING',
    SubmittedAt: change.submittedAt,
    ...(change.comment !== undefined && { Comment: change.comment }),
  };
}

function servedIndex(zone: Zone, now: Date): number {
  return Math.max(
    0,
    zone.versions.findLastIndex((version) => version.servedFrom <= now),
  );
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

function newId(letter: string): string {
  return `${letter}${randomBytes(10).toString('hex').toUpperCase()}`;
}
