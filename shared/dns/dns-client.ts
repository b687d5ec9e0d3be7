/** What DNS says: records, perhaps none; or that it does not answer, which proves nothing either way. */
export type DnsAnswer<T> =
  | { readonly answered: true; readonly records: readonly T[] }
  | { readonly answered: false; readonly why: string };

/** RFC 8659 §4.1. The tag in lower case. */
export type CaaRecord = { readonly flags: number; readonly tag: string; readonly value: string };

/**
 * Public DNS as a resolver sees it, and single servers. Names go in and come out without a dot at the end,
 * and come out in lower case. CNAMEs are followed by the resolver, except where they are asked for.
 */
export type DnsClient = {
  addresses(name: string): Promise<DnsAnswer<string>>;
  nameServers(name: string): Promise<DnsAnswer<string>>;
  cname(name: string): Promise<DnsAnswer<string>>;
  caa(name: string): Promise<DnsAnswer<CaaRecord>>;
  /** Asks the server at that address, past every cache: over UDP, and over TCP what does not fit. */
  txtAt(address: string, name: string): Promise<DnsAnswer<string>>;
};

/** The name and every name above it, the longest first. */
export function andAbove(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.map((_, from) => labels.slice(from).join('.'));
}

export function isAtOrBelow(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** Asks each question once: for the many names of one order. */
export function remembering(dns: DnsClient): DnsClient {
  const asked = new Map<string, Promise<DnsAnswer<never>>>();
  const once =
    <T>(kind: string, ask: (name: string) => Promise<DnsAnswer<T>>) =>
    (name: string): Promise<DnsAnswer<T>> => {
      const key = `${kind} ${name}`;
      const answer = (asked.get(key) as Promise<DnsAnswer<T>> | undefined) ?? ask(name);
      asked.set(key, answer as Promise<DnsAnswer<never>>);
      return answer;
    };
  return {
    addresses: once('addresses', dns.addresses),
    nameServers: once('NS', dns.nameServers),
    cname: once('CNAME', dns.cname),
    caa: once('CAA', dns.caa),
    txtAt: dns.txtAt,
  };
}
