import type { SolverConfig } from '#shared/config/config.ts';
import { CertkeepError } from '#shared/errors.ts';
import { challengeOf } from './challenges.ts';
import { createSolver, type SolverDeps } from './registry.ts';
import { solverSelection } from './select.ts';
import type { Solver } from './solver.ts';
import { solverKey, solverOfKey } from './solver-key.ts';
import type { Solvers } from './solvers.ts';

/** The solvers of the configuration, one instance for each way of publishing. */
export function configuredSolvers(configs: readonly SolverConfig[], deps: SolverDeps): Solvers {
  const select = solverSelection(configs, challengeOf);
  const created = new Map<string, Solver>();

  function solverFor(key: string, config: SolverConfig): Solver {
    const solver = created.get(key) ?? createSolver(config, deps);
    created.set(key, solver);
    return solver;
  }

  return {
    byKey(key) {
      // Made anew where it has left the configuration: what it published is removed all the same.
      const config = solverOfKey(key);
      return config && solverFor(key, config);
    },
    forName(name, offered) {
      const config = select(name, offered);
      if (!config) throw new CertkeepError('SolverMissing', missing(name, offered));
      const key = solverKey(config);
      return {
        key,
        solver: solverFor(key, config),
        challenge: challengeOf(config),
        cnameStrategy: config.cnameStrategy,
      };
    },
  };
}

function missing(name: string, offered: readonly string[] | undefined): string {
  const kinds = offered ? ` with a challenge that the CA offers (${offered.join(', ')})` : '';
  return `no solver is configured for ${name}${kinds}`;
}
