import type { CnameStrategy } from '#shared/dns/challenge-name.ts';
import type { ChallengeType } from './challenge-type.ts';
import type { Solver } from './solver.ts';

export type ChosenSolver = {
  readonly key: string;
  readonly solver: Solver;
  readonly challenge: ChallengeType;
  readonly cnameStrategy: CnameStrategy;
};

/** The configured solvers, chosen by name with cert-manager's rules. */
export type Solvers = {
  /** Among those that can answer one of the offered kinds of challenge. @throws CertkeepError SolverMissing */
  forName(name: string, offered?: readonly ChallengeType[]): ChosenSolver;
  /** By the key kept in a TXT intent: of any solver that is configured or retired. */
  byKey(key: string): Solver | null;
};
