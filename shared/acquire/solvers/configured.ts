import type { SolverConfig } from '#shared/config/config.ts';
import { CertkeepError } from '#shared/errors.ts';
import { createSolver, type SolverDeps } from './registry.ts';
import { solverSelection } from './select.ts';
import type { Solver } from './solver.ts';
import type { Solvers } from './solvers.ts';

/** The solvers of the configuration, one instance for each way of publishing. */
export function configuredSolvers(configs: readonly SolverConfig[], deps: SolverDeps): Solvers {
  const select = solverSelection(configs);
  const created = new Map<string, Solver>();
  for (const config of configs) {
    const key = solverKey(config);
    if (!created.has(key)) created.set(key, createSolver(config, deps));
  }
  return {
    byKey: (key) => created.get(key) ?? null,
    forName(name) {
      const config = select(name);
      const key = config && solverKey(config);
      const solver = key && created.get(key);
      if (!solver) throw new CertkeepError('SolverMissing', `no solver is configured for ${name}`);
      return { key, solver };
    },
  };
}

/** Says where values are published, so that intents in the ledger outlive a change of selectors. */
function solverKey(config: SolverConfig): string {
  return config.hostedZoneId ? `${config.type}:${config.hostedZoneId}` : config.type;
}
