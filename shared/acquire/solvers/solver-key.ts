import type { SolverConfig } from '#shared/config/config.ts';
import { isSolverType } from './challenges.ts';

/**
 * Says where values are published: everything that the configuration says of a solver but which names are its.
 * It is kept with every value in the ledger, so that the value can be removed whatever has become of the
 * configuration since: `route53`, `route53?hostedZoneId=Z1`, `cloudflare?secret=dns%2Fcloudflare`.
 */
export function solverKey(config: SolverConfig): string {
  const { type, selector: _selector, cnameStrategy: _strategy, ...where } = config;
  const parts = Object.entries(where).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const query = new URLSearchParams(
    parts.map(([name, value]): [string, string] => [name, String(value)]),
  );
  return parts.length > 0 ? `${type}?${query}` : type;
}

/** The way of publishing that a key speaks of; null for a key that certkeep did not write. */
export function solverOfKey(key: string): SolverConfig | null {
  const [type = '', query = ''] = key.split('?', 2);
  if (!isSolverType(type)) return null;
  const where = Object.fromEntries(new URLSearchParams(query));
  return { type, cnameStrategy: 'none', ...where } as SolverConfig;
}
