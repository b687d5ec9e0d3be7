import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Role } from '#shared/aws/role-credentials.ts';
import type { Place } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { AnswerObjects } from './alb-http01/permanent.ts';
import type { ChallengeType } from './challenge-type.ts';
import type { SecretReader } from './credentials.ts';
import type { Budget, Pace } from './pace.ts';
import type { Solver } from './solver.ts';
import type { RetiredSolverConfig } from './specs.ts';

/** What every function may ask of a kind of solver, without its SDK and without zod: `facts.ts` of its folder. */
export type SolverFacts<Config = RetiredSolverConfig> = {
  readonly challenge: ChallengeType;
  /** What certkeep takes of the rate of its service. */
  readonly budget: Budget;
  /** What one value costs until it is out. */
  readonly requestsForValue: number;
  /** Whose rate that is: a role's account, the keys in a secret, a listener's account and region; null is the home account's. */
  budgetOwner(config: Config): string | null;
  /** What the placeholders in its permissions stand for; the values may hold placeholders of home. */
  permissionValues(config: Config): Readonly<Record<string, readonly string[]>>;
};

export type SolverDeps = {
  readonly clock: Clock;
  readonly aws: ClientOptions;
  /** Options for clients that act in a role. */
  readonly inRole: (role: Role) => ClientOptions;
  readonly secrets: SecretReader;
  readonly installation: string;
  /** Where the function behind a permanent rule reads. */
  readonly objects: AnswerObjects;
  /** Options for clients that make rules at the load balancers of a place, in the role for that, at home too. */
  readonly atListener: (place: Place) => ClientOptions;
  /** One for all solvers that draw on the same budget. */
  readonly pace: (owner: string, budget: Budget) => Pace;
  /** Where the APIs of others are, in tests. */
  readonly baseUrls?: Readonly<Record<string, string>>;
};

/** What a solver is made of besides its configuration. */
export type CreateDeps = SolverDeps & {
  /** Its part of the budget. */
  readonly ownPace: Pace;
};

/** A kind of solver as it is loaded where it is configured: `plugin.ts` of its folder. */
export type SolverPlugin<Config = RetiredSolverConfig> = {
  create(config: Config, deps: CreateDeps): Solver;
};
