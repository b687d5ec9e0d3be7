import type { CaaRecord, DnsAnswer, DnsClient } from '#shared/dns/dns-client.ts';

export type FakeRecords = {
  readonly NS?: readonly string[];
  readonly A?: readonly string[];
  readonly CNAME?: string;
  readonly CAA?: readonly CaaRecord[];
};

export type FakeDns = DnsClient & {
  /** What each address of a name server answers about TXT values; silent where it is not there. */
  readonly servers: Map<string, readonly string[]>;
  /** Every question, `CAA www.example.com` or `TXT name @address`. */
  readonly asked: readonly string[];
  /** From now on nothing about this name is answered. */
  silence(name: string): void;
};

/** Public DNS in memory. Wildcards answer as RFC 4592 has it for names that have nothing of their own. */
export function fakeDns(records: Readonly<Record<string, FakeRecords>>): FakeDns {
  const silent = new Set<string>();
  const servers = new Map<string, readonly string[]>();
  const asked: string[] = [];

  function at(name: string): FakeRecords {
    const exists = (each: string) =>
      Object.keys(records).some((key) => key === each || key.endsWith(`.${each}`));
    if (exists(name)) return records[name] ?? {};
    const labels = name.split('.');
    const above = labels.map((_, from) => labels.slice(from + 1).join('.'));
    return records[`*.${above.find(exists)}`] ?? {};
  }

  function answer<T>(
    kind: string,
    name: string,
    read: (found: FakeRecords) => readonly T[],
  ): DnsAnswer<T> {
    asked.push(`${kind} ${name}`);
    return silent.has(name)
      ? { answered: false, why: 'ETIMEOUT' }
      : { answered: true, records: read(at(name)) };
  }

  /** As a resolver: through CNAMEs to what is there. */
  function followed<T>(
    kind: string,
    name: string,
    read: (found: FakeRecords) => readonly T[],
  ): DnsAnswer<T> {
    const answered = answer(kind, name, read);
    const target = at(name).CNAME;
    return answered.answered && target !== undefined ? answer(kind, target, read) : answered;
  }

  return {
    servers,
    asked,
    silence: (name) => void silent.add(name),
    addresses: async (name) => followed('A', name, ({ A = [] }) => A),
    nameServers: async (name) => followed('NS', name, ({ NS = [] }) => NS),
    cname: async (name) =>
      answer('CNAME', name, ({ CNAME }) => (CNAME === undefined ? [] : [CNAME])),
    caa: async (name) => followed('CAA', name, ({ CAA = [] }) => CAA),
    async txtAt(address, name) {
      asked.push(`TXT ${name} @${address}`);
      const values = servers.get(address);
      return values ? { answered: true, records: values } : { answered: false, why: 'ETIMEOUT' };
    },
  };
}
