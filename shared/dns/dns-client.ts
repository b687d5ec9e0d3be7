/** DNS answers with records, perhaps none, or it does not answer, which proves nothing. */
export type DnsAnswer<T> =
  | { readonly answered: true; readonly records: readonly T[] }
  | { readonly answered: false; readonly why: string };

/** RFC 8659 §4.1, with the tag in lower case. */
export type CaaRecord = { readonly flags: number; readonly tag: string; readonly value: string };

/**
 * Public DNS as a resolver sees it, and single servers. Names have no trailing dot, and answers are in lower case. The
 * resolver follows CNAMEs, except where the question is for one.
 */
export type DnsClient = {
  addresses(name: string): Promise<DnsAnswer<string>>;
  nameServers(name: string): Promise<DnsAnswer<string>>;
  cname(name: string): Promise<DnsAnswer<string>>;
  caa(name: string): Promise<DnsAnswer<CaaRecord>>;
  /** Asks the server at that address, so that no cache answers: over UDP, or over TCP where the answer does not fit. */
  txtAt(address: string, name: string): Promise<DnsAnswer<string>>;
};

/** The name and every name above it, longest first. */
export function andAbove(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.map((_, from) => labels.slice(from).join('.'));
}

export function isAtOrBelow(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** Asks each question once, for the many names of one order. */
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
