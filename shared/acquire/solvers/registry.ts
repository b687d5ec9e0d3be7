import { type ClientOptions, paced } from '#shared/aws/clients.ts';
import type { Role } from '#shared/aws/role-credentials.ts';
import type { Clock } from '#shared/clock.ts';
import type { RetiredSolverConfig } from '#shared/config/config.ts';
import { alidnsSolver } from './alidns/alidns.ts';
import { alidnsClient } from './alidns/client.ts';
import { budgets } from './budgets.ts';
import { cloudflareClient } from './cloudflare/client.ts';
import { cloudflareSolver } from './cloudflare/cloudflare.ts';
import type { SecretReader } from './credentials.ts';
import { dnspodClient } from './dnspod/client.ts';
import { dnspodSolver } from './dnspod/dnspod.ts';
import type { Budget, Pace } from './pace.ts';
import { awsRoute53Client } from './route53/client.ts';
import { route53Solver } from './route53/route53.ts';
import type { Solver } from './solver.ts';

export type SolverDeps = {
  readonly clock: Clock;
  readonly aws: ClientOptions;
  /** Options for clients that act in a role. */
  readonly inRole: (role: Role) => ClientOptions;
  readonly secrets: SecretReader;
  /** One for all solvers that draw on the same budget. */
  readonly pace: (owner: string, budget: Budget) => Pace;
  /** Where the APIs of others are, in tests. */
  readonly baseUrls?: Readonly<Partial<Record<RetiredSolverConfig['type'], string>>>;
};

/** One per way of publishing and process: it keeps the zones it found. */
export function createSolver(config: RetiredSolverConfig, deps: SolverDeps): Solver {
  const { clock } = deps;
  // Without a default: a new type of solver does not compile until it stands here.
  switch (config.type) {
    case 'route53': {
      const options = paced(route53Options(config, deps), paceOf(config, deps));
      return route53Solver(config, { client: awsRoute53Client(options), clock });
    }
    case 'cloudflare':
      return cloudflareSolver({ client: cloudflareClient(recordOptions(config, deps)), clock });
    case 'alidns':
      return alidnsSolver({ client: alidnsClient(recordOptions(config, deps)), clock });
    case 'dnspod':
      return dnspodSolver({ client: dnspodClient(recordOptions(config, deps)), clock });
  }
}

type Route53Config = RetiredSolverConfig & { readonly type: 'route53' };
type RecordConfig = Exclude<RetiredSolverConfig, Route53Config>;

function route53Options({ roleArn, externalId }: Route53Config, deps: SolverDeps): ClientOptions {
  if (roleArn === undefined) return deps.aws;
  return deps.inRole({ roleArn, ...(externalId !== undefined && { externalId }) });
}

function recordOptions<Config extends RecordConfig>(config: Config, deps: SolverDeps) {
  const baseUrl = deps.baseUrls?.[config.type];
  return {
    ...config,
    clock: deps.clock,
    read: deps.secrets,
    pace: paceOf(config, deps),
    ...(baseUrl !== undefined && { baseUrl }),
  };
}

/** A budget belongs to an account: that of a role, or that of the keys in a secret. */
function paceOf(config: RetiredSolverConfig, { pace }: SolverDeps): Pace {
  const owner = config.type === 'route53' ? config.roleArn?.split(':')[4] : config.secret;
  return pace(`${config.type} ${owner ?? 'home'}`, budgets[config.type]);
}
