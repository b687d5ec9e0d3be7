import type { Answer } from 'dns-packet';
import { addressAnswers, answersOf } from './answers.ts';
import type { Lookup, Reply } from './lookup.ts';
import { ancestors, liesIn, normalName } from './names.ts';
import type { RecordSet, RecordSets, RecordType, ServedZone } from './zone.ts';

export type PublicDns = {
  /** The public zones that the name servers serve now; called for every question. */
  readonly zones: () => readonly ServedZone[];
  /** Names outside of the zones, such as those of load balancers; null for an unknown name. */
  readonly addresses: (name: string) => readonly string[] | null;
};

const longestCnameChain = 16;
const addressTtlSeconds = 60;

/** The domain of the local Route 53's name servers, all of which are this server. */
export const nameServerDomain = 'awsdns.test';
const nameServerAddress = '127.0.0.1';

/** The whole public DNS as a resolver sees it: zones, registered names, and nothing else. */
export function publicDns(source: PublicDns): Lookup {
  return (name, type) => resolve(source, source.zones(), name, type, longestCnameChain);
}

/** The name outside of the zones where CNAMEs and aliases finally lead; null for none. */
export function registeredName(source: PublicDns, name: string): string | null {
  let last: string | null = null;
  const addresses = (asked: string) => {
    const found = source.addresses(asked);
    if (found) last = asked;
    return found;
  };
  publicDns({ ...source, addresses })(name, 'A');
  return last;
}

function resolve(
  source: PublicDns,
  zones: readonly ServedZone[],
  name: string,
  type: string,
  hopsLeft: number,
): Reply {
  if (hopsLeft === 0) return { rcode: 'SERVFAIL', answers: [] };
  const registered = registeredAddresses(source, name.toLowerCase().replace(/\.$/, ''));
  if (registered) {
    return {
      rcode: 'NOERROR',
      answers: addressAnswers(registered, name, type, addressTtlSeconds),
    };
  }
  const normal = normalName(name);
  const zone = closestZone(zones, normal);
  if (!zone) return { rcode: 'NXDOMAIN', answers: [] };
  const sets = setsAt(zone, normal);
  if (!sets) return { rcode: 'NXDOMAIN', answers: [], authorities: startOfAuthority(zone) };

  const follow = (target: string, as: RecordType | string) =>
    resolve(source, zones, target.replace(/\.$/, ''), as, hopsLeft - 1);
  const cname = sets.get('CNAME');
  if (cname && type !== 'CNAME' && type !== 'ANY') {
    const rest = follow(cname.values[0] ?? '', type);
    return { ...rest, answers: [...answersOf(cname, name), ...rest.answers] };
  }
  const answers = chosen([...sets.values()])
    .filter((set) => type === 'ANY' || set.type === type)
    .flatMap((set) => (set.aliasTarget ? aliasAnswers(set, name, follow) : answersOf(set, name)));
  return answers.length > 0
    ? { rcode: 'NOERROR', answers }
    : { rcode: 'NOERROR', answers, authorities: startOfAuthority(zone) };
}

/** Route 53 returns any eight sets with identifiers; this server returns the first ones. */
const mostMultivalues = 8;

function chosen(sets: readonly RecordSet[]): readonly RecordSet[] {
  const multivalues = sets.filter(({ identifier }) => identifier !== undefined);
  const left = new Set(multivalues.slice(mostMultivalues));
  return sets.filter((set) => !left.has(set));
}

function registeredAddresses(source: PublicDns, name: string): readonly string[] | null {
  return name.endsWith(`.${nameServerDomain}`) ? [nameServerAddress] : source.addresses(name);
}

/** The name server resolves an alias itself, so the client sees addresses under the name that it asked for. */
function aliasAnswers(
  set: RecordSet,
  name: string,
  follow: (target: string, type: string) => Reply,
): Answer[] {
  const found = follow(set.aliasTarget ?? '', set.type).answers;
  return found.filter((answer) => answer.type === set.type).map((answer) => ({ ...answer, name }));
}

/** The older of two public zones with one name counts as delegated. */
function closestZone(zones: readonly ServedZone[], name: string): ServedZone | undefined {
  let closest: ServedZone | undefined;
  for (const zone of zones) {
    if (liesIn(name, zone.name) && zone.name.length > (closest?.name.length ?? 0)) closest = zone;
  }
  return closest;
}

/** The sets at a name, or those of the wildcard that matches it (RFC 4592 §3.3.1); null for NXDOMAIN. */
function setsAt(zone: ServedZone, name: string): RecordSets | null {
  const exact = zone.records.get(name);
  if (exact) return exact;
  if (exists(zone, name)) return new Map();
  const encloser = ancestors(name).find((above) => exists(zone, above));
  return zone.records.get(`\\052.${encloser}`) ?? null;
}

/** A name also exists when only names below it have records (RFC 8020). */
function exists(zone: ServedZone, name: string): boolean {
  if (zone.records.has(name)) return true;
  const below = `.${name}`;
  for (const key of zone.records.keys()) if (key.endsWith(below)) return true;
  return false;
}

function startOfAuthority(zone: ServedZone): Answer[] {
  const soa = zone.records.get(zone.name)?.get('SOA');
  return soa ? answersOf(soa, zone.name.slice(0, -1)) : [];
}
