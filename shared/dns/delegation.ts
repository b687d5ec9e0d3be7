import { type DnsClient, isAtOrBelow } from './dns-client.ts';
import { type PublicZone, publicZoneOf } from './public-zone.ts';

/** The zone that we write to, as its DNS service describes it. */
export type WrittenZone = {
  readonly name: string;
  /** The servers that answer with our values; null where the service does not name them. */
  readonly nameServers: readonly string[] | null;
};

/**
 * Says why a CA would not see a value at `name`: public DNS must lead to the zone that we write to. One common server is
 * enough. Null where it does, or where DNS does not answer.
 */
export async function delegationProblem(
  name: string,
  written: WrittenZone,
  dns: DnsClient,
): Promise<string | null> {
  const open = await publicZoneOf(name, dns);
  const problem = differingZones(name, written, open);
  if (problem) return problem;
  if (open.kind !== 'zone' || !written.nameServers) return null;
  const ours = written.nameServers;
  if (haveCommon(ours, open.nameServers)) return null;
  // An owner may give the servers names of their own (white labels): equal addresses mean equal servers.
  const shared = await shareAddress(ours, open.nameServers, dns);
  if (shared !== false) return null;
  return `${open.name} is delegated to ${listed(open.nameServers)}, but the zone that is written to has ${listed(ours)}`;
}

function differingZones(name: string, { name: zone }: WrittenZone, open: PublicZone) {
  if (open.kind === 'unknown') return null;
  if (open.kind === 'none') {
    return `public DNS knows no zone that holds ${name}: is ${zone} registered and delegated?`;
  }
  if (open.name === zone) return null;
  const servers = listed(open.nameServers);
  return isAtOrBelow(open.name, zone)
    ? `${open.name} is delegated away from ${zone}, to ${servers}`
    : `${zone} is not delegated: public DNS answers for ${name} from ${open.name}, by ${servers}`;
}

/** Null where one side cannot be resolved. */
async function shareAddress(
  ours: readonly string[],
  theirs: readonly string[],
  dns: DnsClient,
): Promise<boolean | null> {
  const [one, other] = await Promise.all([addressesOf(ours, dns), addressesOf(theirs, dns)]);
  return one && other && haveCommon(one, other);
}

async function addressesOf(servers: readonly string[], dns: DnsClient) {
  const answers = await Promise.all(servers.map((server) => dns.addresses(server)));
  if (!answers.every((answer) => answer.answered)) return null;
  return answers.flatMap(({ records }) => records);
}

function haveCommon(one: readonly string[], other: readonly string[]): boolean {
  return one.some((each) => other.includes(each));
}

function listed(servers: readonly string[]): string {
  return servers.toSorted().join(', ') || 'no name servers';
}
