import { type ClientOptions, paced } from '#shared/aws/clients.ts';
import type { Role } from '#shared/aws/role-credentials.ts';
import { type Place, placeKey } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';
import { albHttp01Solver } from './alb-http01/alb-http01.ts';
import { awsRulesClient } from './alb-http01/client.ts';
import { httpGet } from './alb-http01/http-get.ts';
import { listenerParts } from './alb-http01/listener-arn.ts';
import { type AnswerObjects, permanentSolver } from './alb-http01/permanent.ts';
import { alidnsClient } from './alidns/client.ts';
import { budgets } from './budgets.ts';
import { cloudflareClient } from './cloudflare/client.ts';
import type { SecretReader } from './credentials.ts';
import { dnspodClient } from './dnspod/client.ts';
import type { Budget, Pace } from './pace.ts';
import type { RecordApi } from './records/record-api.ts';
import { recordSolver } from './records/record-solver.ts';
import { awsRoute53Client } from './route53/client.ts';
import { route53Solver } from './route53/route53.ts';
import type { Solver } from './solver.ts';
import type { RetiredSolverConfig } from './specs.ts';

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
  readonly baseUrls?: Readonly<Partial<Record<RetiredSolverConfig['type'], string>>>;
};

/** One per way of publishing and process: it keeps the zones it found. */
export function createSolver(config: RetiredSolverConfig, deps: SolverDeps): Solver {
  const { clock } = deps;
  const recordsAt = (service: string, api: RecordApi) => recordSolver({ service, api, clock });
  // Without a default: a new type of solver does not compile until it stands here.
  switch (config.type) {
    case 'route53': {
      const options = paced(route53Options(config, deps), paceOf(config, deps));
      return route53Solver(config, { client: awsRoute53Client(options), clock });
    }
    case 'cloudflare':
      return recordsAt('Cloudflare', cloudflareClient(recordOptions(config, deps)));
    case 'alidns':
      return recordsAt('AliDNS', alidnsClient(recordOptions(config, deps)));
    case 'dnspod':
      return recordsAt('DNSPod', dnspodClient(recordOptions(config, deps)));
    case 'alb-http01': {
      const options = paced(deps.atListener(listenerParts(config.listener)), paceOf(config, deps));
      const { listener, rule } = config;
      const shared = { listener, client: awsRulesClient(options), get: httpGet, clock };
      return rule === 'permanent'
        ? permanentSolver({ ...shared, objects: deps.objects })
        : albHttp01Solver({ ...shared, installation: deps.installation });
    }
  }
}

type Route53Config = RetiredSolverConfig & { readonly type: 'route53' };
type RecordConfig = Extract<RetiredSolverConfig, { readonly secret: string }>;

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

function paceOf(config: RetiredSolverConfig, { pace }: SolverDeps): Pace {
  return pace(`${config.type} ${budgetOwner(config) ?? 'home'}`, budgets[config.type]);
}

/** A budget belongs to an account: that of a role, of the keys in a secret, or of a listener and its region. */
function budgetOwner(config: RetiredSolverConfig): string | undefined {
  if (config.type === 'route53') return config.roleArn?.split(':')[4];
  if (config.type !== 'alb-http01') return config.secret;
  return placeKey(listenerParts(config.listener));
}
