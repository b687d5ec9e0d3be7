import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Role } from '#shared/aws/role-credentials.ts';
import type { Place } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { AnswerObjects } from './alb-http01/permanent.ts';
import type { ChallengeType } from './challenge-type.ts';
import type { SecretReader } from './credentials.ts';
import type { Pace, RequestRate } from './pace.ts';
import type { Solver } from './solver.ts';
import type { RetiredSolverConfig } from './specs.ts';

/** The facts of a kind that every function may ask for, without its SDK and without zod: `facts.ts` of its folder. */
export type SolverFacts<Config = RetiredSolverConfig> = {
  readonly challenge: ChallengeType;
  /** The part of the service's rate limit that certkeep uses. */
  readonly rate: RequestRate;
  /** The number of requests that publish one value. */
  readonly requestsForValue: number;
  /**
   * Owns the rate limit: the account of a role, the keys in a secret, or a listener's account and region. Null is the home
   * account.
   */
  rateOwner(config: Config): string | null;
  /** The values of the placeholders in its permissions. They may contain placeholders of home. */
  permissionValues(config: Config): Readonly<Record<string, readonly string[]>>;
};

export type SolverDeps = {
  readonly clock: Clock;
  readonly aws: ClientOptions;
  /** Options for clients that act in a role. */
  readonly inRole: (role: Role) => ClientOptions;
  readonly secrets: SecretReader;
  readonly installation: string;
  /** The function behind a permanent rule reads from here. */
  readonly objects: AnswerObjects;
  /** Options for clients that create rules at the load balancers of a place. They always act in the listener role, also at home. */
  readonly atListener: (place: Place) => ClientOptions;
  /** Returns one pace for all solvers that share a limit. */
  readonly pace: (owner: string, rate: RequestRate) => Pace;
  /** Base URLs of other services' APIs, in tests. */
  readonly baseUrls?: Readonly<Record<string, string>>;
};

/** Everything that a solver is created from besides its configuration. */
export type CreateDeps = SolverDeps & {
  /** The pace of this solver's limit. */
  readonly ownPace: Pace;
};

/** A kind of solver, as the function loads it from `plugin.ts` of its folder. */
export type SolverPlugin<Config = RetiredSolverConfig> = {
  create(config: Config, deps: CreateDeps): Solver;
};
