import type { CnameStrategy } from '#shared/dns/challenge-name.ts';
import type { RetiredSolverConfig, SolverConfig } from './specs.ts';

/** Fields that only some kinds have; a default value is left out. */
type Choices = {
  readonly cnameStrategy?: CnameStrategy;
  readonly rule?: 'temporary' | 'permanent';
  readonly priority?: number;
};

/**
 * Identifies where values are published and with which rights: every field of a solver except the selector. Intents in the
 * ledger keep this key, so that they outlive a change of selectors: `route53`, `route53?hostedZoneId=Z1`,
 * `cloudflare?secret=dns%2Fcloudflare`.
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
