import { loadSolvers } from '#shared/solvers/registry.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';

/** Every kind. */
export const loadedSolvers = await loadSolvers(
  Object.keys(solverSpecs) as (keyof typeof solverSpecs)[],
);
