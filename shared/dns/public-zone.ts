import { andAbove, type DnsClient } from './dns-client.ts';

/** The zone and its name servers, as public DNS names them. */
export type PublicZone =
  | { readonly kind: 'zone'; readonly name: string; readonly nameServers: readonly string[] }
  /** No name at or above it has name servers, except a top-level domain. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly why: string };

/** The zone that holds a name: the closest name at or above it that has name servers. */
export async function publicZoneOf(name: string, dns: DnsClient): Promise<PublicZone> {
  for (const above of andAbove(name).filter((each) => each.includes('.'))) {
    const [servers, cname] = await Promise.all([dns.nameServers(above), dns.cname(above)]);
    // Through a CNAME the resolver returns somebody else's name servers (RFC 1034 §3.6.2).
    if (cname.answered && cname.records.length > 0) continue;
    if (!cname.answered) return { kind: 'unknown', why: `${above} CNAME: ${cname.why}` };
    if (!servers.answered) return { kind: 'unknown', why: `${above} NS: ${servers.why}` };
    if (servers.records.length > 0) {
      return { kind: 'zone', name: above, nameServers: servers.records };
    }
  }
  return { kind: 'none' };
}
