import { randomBytes } from 'node:crypto';
import { addMs, type Clock } from '../../clock.ts';
import type { RecordSets, ServedZone } from '../../dns/zone.ts';
import { AwsError, type Call } from '../../wire/service.ts';

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

/** The zones and changes of one account. Route 53 has no regions. */
export type AccountZones = {
  readonly zones: Map<string, Zone>;
  readonly changes: Map<string, Change>;
};

export type Route53State = {
  readonly clock: Clock;
  /** The time from a change to INSYNC; until then the name servers answer as before. */
  insyncMs: number;
  readonly accounts: Map<string, AccountZones>;
};

export function zonesOf({ accounts }: Route53State, { account }: Call): AccountZones {
  const found = accounts.get(account) ?? { zones: new Map(), changes: new Map() };
  accounts.set(account, found);
  return found;
}

export function zoneAt(state: Route53State, id: string | undefined, call: Call): Zone {
  const plain = (id ?? '').replace(/^\/?hostedzone\//, '');
  const zone = zonesOf(state, call).zones.get(plain);
  if (zone) return zone;
  throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${plain}`, 404);
}

export function changeAt(state: Route53State, id: string | undefined, call: Call): Change {
  const plain = (id ?? '').replace(/^\/?change\//, '');
  const change = zonesOf(state, call).changes.get(plain);
  if (change) return change;
  throw new AwsError('NoSuchChange', `Could not find resource with ID: ${plain}`, 404);
}

/** Makes these the newest records of a zone, which its name servers show when they are in sync. */
export function submit(
  state: Route53State,
  zone: Zone,
  records: Records,
  call: Call,
  comment?: string,
): Change {
  const now = state.clock.now();
  const newest = zone.versions.at(-1)?.servedFrom ?? now;
  // A later change never overtakes an earlier one on the way to the name servers.
  const insyncAt = new Date(Math.max(addMs(now, state.insyncMs).getTime(), newest.getTime()));
  const change = { id: newId('C'), submittedAt: now, insyncAt, comment };
  const servedAt = servedIndex(zone, now);
  zone.versions = [...zone.versions.slice(servedAt), { records, servedFrom: insyncAt }];
  zonesOf(state, call).changes.set(change.id, change);
  return change;
}

/** The public zones of all accounts as their name servers show them now. */
export function servedZones({ accounts, clock }: Route53State): ServedZone[] {
  const zones = [...accounts.values()].flatMap((account) => [...account.zones.values()]);
  return zones
    .filter(({ isPrivate }) => !isPrivate)
    .map((zone) => ({
      name: zone.name,
      records: zone.versions[servedIndex(zone, clock.now())]?.records ?? new Map(),
    }));
}

export function newestRecords(zone: Zone): Records {
  return zone.versions.at(-1)?.records ?? new Map();
}

function servedIndex(zone: Zone, now: Date): number {
  return Math.max(
    0,
    zone.versions.findLastIndex((version) => version.servedFrom <= now),
  );
}

export function newId(letter: string): string {
  return `${letter}${randomBytes(10).toString('hex').toUpperCase()}`;
}
