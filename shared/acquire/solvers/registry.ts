import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Clock } from '#shared/clock.ts';
import type { RetiredSolverConfig } from '#shared/config/config.ts';
import { awsRoute53Client } from './route53/client.ts';
import { route53Solver } from './route53/route53.ts';
import type { Solver } from './solver.ts';

export type SolverDeps = { readonly aws: ClientOptions; readonly clock: Clock };

/** One per solver and process: it keeps the zones it found. */
export function createSolver(config: RetiredSolverConfig, deps: SolverDeps): Solver {
  // Without a default: a new type of solver does not compile until it stands here.
  switch (config.type) {
    case 'route53':
      return route53Solver(config, { client: awsRoute53Client(deps.aws), clock: deps.clock });
  }
}
