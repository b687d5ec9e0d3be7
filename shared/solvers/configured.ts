import { CertkeepError } from '#shared/errors.ts';
import { challengeOf } from './facts.ts';
import type { LoadedSolvers } from './registry.ts';
import { createSolver } from './registry.ts';
import { solverSelection } from './select.ts';
import type { Solver } from './solver.ts';
import { solverKey } from './solver-key.ts';
import type { SolverDeps } from './solver-plugin.ts';
import type { Solvers } from './solvers.ts';
import type { RetiredSolverConfig, SolverConfig } from './specs.ts';

type ConfiguredSolvers = {
  readonly solvers: readonly SolverConfig[];
  readonly retired: { readonly solvers: readonly RetiredSolverConfig[] };
};

/** Creates the configured solvers, one instance per solver key. Retired solvers prove no name. */
export function configuredSolvers(
  loaded: LoadedSolvers,
  { solvers, retired }: ConfiguredSolvers,
  deps: SolverDeps,
): Solvers {
  const select = solverSelection(solvers, challengeOf);
  const created = new Map<string, Solver>();
  for (const config of [...solvers, ...retired.solvers]) {
    const key = solverKey(config);
    if (!created.has(key)) created.set(key, createSolver(loaded, config, deps));
  }
  return {
    byKey: (key) => created.get(key) ?? null,
    forName(name, offered) {
      const config = select(name, offered);
      const key = config && solverKey(config);
      const solver = key && created.get(key);
      if (!solver) throw new CertkeepError('SolverMissing', missing(name, offered));
      const cnameStrategy = 'cnameStrategy' in config ? config.cnameStrategy : 'none';
      return { key, solver, challenge: challengeOf(config), cnameStrategy };
    },
  };
}

function missing(name: string, offered: readonly string[] | undefined): string {
  const kinds = offered ? ` with a challenge that the CA offers (${offered.join(', ')})` : '';
  return `no solver is configured for ${name}${kinds}`;
}
