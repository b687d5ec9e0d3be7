import type { Solver } from './solver.ts';

/** The configured solvers, chosen by name with cert-manager's rules. */
export type Solvers = {
  /** @throws CertkeepError SolverMissing */
  forName(name: string): { readonly key: string; readonly solver: Solver };
  /** By the key kept in a TXT intent: of any solver that is configured or retired. */
  byKey(key: string): Solver | null;
};
