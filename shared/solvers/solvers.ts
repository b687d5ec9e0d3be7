import type { CnameStrategy } from '#shared/dns/challenge-name.ts';
import type { ChallengeType } from './challenge-type.ts';
import type { Solver } from './solver.ts';

export type ChosenSolver = {
  readonly key: string;
  readonly solver: Solver;
  readonly challenge: ChallengeType;
  readonly cnameStrategy: CnameStrategy;
};

/** The configured solvers, selected by name with cert-manager's rules. */
export type Solvers = {
  /** Selects among the solvers that can answer an offered challenge type. @throws CertkeepError SolverMissing */
  forName(name: string, offered?: readonly ChallengeType[]): ChosenSolver;
  /** Finds a configured or retired solver by the key in a TXT intent. */
  byKey(key: string): Solver | null;
};
