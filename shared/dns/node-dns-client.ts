import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { errorName } from '#shared/errors.ts';
import { secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import type { CaaRecord, DnsAnswer, DnsClient } from './dns-client.ts';

export type NodeDnsOptions = {
  /** `address:port` of the resolver; null for the system's servers. */
  readonly resolver: string | null;
  /** The timeout of one try in real time, since sockets know no virtual clock. A server gets two tries. */
  readonly timeoutMs?: number;
};

/** The name exists without such records, or does not exist. Both are answers. */
const nothingThere = new Set(['ENODATA', 'ENOTFOUND']);

const standardPort = '53';

/**
 * DNS through Node's own resolver (c-ares): it asks over UDP with random ports and ids, continues over TCP where an answer
 * is truncated, and adds nothing to the bundle. Where a resolver is given, the zones' name servers are asked at its port
 * too, since both are the local DNS then.
 */
export function nodeDnsClient({ resolver, timeoutMs = 2 * secondMs }: NodeDnsOptions): DnsClient {
  const port = resolver?.split(':').at(-1) ?? standardPort;
  const servers = resolver === null ? null : [resolver];
  const ask = <T>(question: Question<T>) => answer(servers, timeoutMs, question);
  return {
    // Lambda cannot reach IPv6 addresses, so they are asked only where there is no other.
    async addresses(name) {
      const four = await ask((dns) => dns.resolve4(name));
      if (!four.answered || four.records.length > 0) return four;
      return ask((dns) => dns.resolve6(name));
    },
    nameServers: (name) => ask(async (dns) => (await dns.resolveNs(name)).map(normal)),
    cname: (name) => ask(async (dns) => (await dns.resolveCname(name)).map(normal)),
    caa: (name) => ask(async (dns) => (await dns.resolveCaa(name)).map(caaRecord)),
    txtAt: (address, name) =>
      answer(
        [isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`],
        timeoutMs,
        async (dns) => (await dns.resolveTxt(name)).map((strings) => strings.join('')),
      ),
  };
}

type Question<T> = (resolver: Resolver) => Promise<readonly T[]>;

/** Creates a new resolver for each question, since c-ares caches answers, also negative ones. */
async function answer<T>(
  servers: readonly string[] | null,
  timeout: number,
  ask: Question<T>,
): Promise<DnsAnswer<T>> {
  const signal = deadlineSignal();
  signal?.throwIfAborted();
  const resolver = new Resolver({ timeout, tries: 2 });
  if (servers) resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return { answered: true, records: await ask(resolver) };
  } catch (error) {
    signal?.throwIfAborted();
    const why = errorName(error);
    return nothingThere.has(why) ? { answered: true, records: [] } : { answered: false, why };
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function normal(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}

/** Node returns the flags as `critical`, since Node 24 also the record's type, and the value under its tag. */
function caaRecord(record: { critical: number }): CaaRecord {
  const { critical, type: _type, ...property } = record as { critical: number; type?: string };
  const [tag = '', value = ''] = Object.entries(property as Record<string, string>)[0] ?? [];
  return { flags: critical, tag: tag.toLowerCase(), value };
}
