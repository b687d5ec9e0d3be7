import type { RetiredSolverConfig } from '#shared/config/config.ts';

/** Says where values are published, so that intents in the ledger outlive a change of selectors. */
export function solverKey(config: RetiredSolverConfig): string {
  return config.hostedZoneId ? `${config.type}:${config.hostedZoneId}` : config.type;
}
