import { Resolver } from 'node:dns/promises';
import { errorName } from '#shared/errors.ts';

export type AddressResolver = (host: string) => Promise<readonly string[]>;

const noData = new Set(['ENODATA', 'ENOTFOUND']);

/**
 * Asks DNS for the present addresses of a name, past the caches of the system. IPv6 is asked only where there is no IPv4:
 * Lambda has no way out over IPv6, and both lead to the same load balancer nodes.
 */
export function dnsResolver(options: {
  /** `address:port`; the system's own servers unless given. */
  readonly servers: readonly string[] | null;
  readonly timeoutMs?: number;
}): AddressResolver {
  const resolver = new Resolver({ timeout: options.timeoutMs ?? 2_000, tries: 2 });
  if (options.servers) resolver.setServers(options.servers);
  return async (host) => {
    const addresses = await orNone(resolver.resolve4(host));
    return addresses.length > 0 ? addresses : orNone(resolver.resolve6(host));
  };
}

async function orNone(answer: Promise<string[]>): Promise<readonly string[]> {
  try {
    return await answer;
  } catch (error) {
    if (noData.has(errorName(error))) return [];
    throw error;
  }
}
