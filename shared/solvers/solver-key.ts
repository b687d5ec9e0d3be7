import type { CnameStrategy } from '#shared/dns/challenge-name.ts';
import type { RetiredSolverConfig, SolverConfig } from './specs.ts';

/** Of some kinds of solver; a default goes without saying. */
type Choices = {
  readonly cnameStrategy?: CnameStrategy;
  readonly rule?: 'temporary' | 'permanent';
  readonly priority?: number;
};

/**
 * Says where values are published, and with which rights: everything that the configuration says of a solver but
 * which names are its. Intents in the ledger keep it, so that they outlive a change of selectors: `route53`,
 * `route53?hostedZoneId=Z1`, `cloudflare?secret=dns%2Fcloudflare`.
 */
export function solverKey(config: SolverConfig | RetiredSolverConfig): string {
  const {
    type,
    selector: _selector,
    priority: _priority,
    cnameStrategy,
    rule,
    ...where
  } = config as SolverConfig & Choices;
  const said = {
    ...where,
    ...(cnameStrategy === 'follow' && { cnameStrategy }),
    ...(rule === 'permanent' && { rule }),
  };
  const parts = Object.entries(said).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const query = new URLSearchParams(
    parts.map(([name, value]): [string, string] => [name, String(value)]),
  );
  return parts.length > 0 ? `${type}?${query}` : type;
}
