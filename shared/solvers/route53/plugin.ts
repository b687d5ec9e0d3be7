import { type ClientOptions, paced } from '#shared/aws/clients.ts';
import type { CreateDeps, SolverDeps, SolverPlugin } from '../solver-plugin.ts';
import { awsRoute53Client } from './client.ts';
import { route53Solver } from './route53.ts';
import type { Route53SolverConfig } from './schema.ts';

export const plugin = {
  create(config: Route53SolverConfig, deps: CreateDeps) {
    const client = awsRoute53Client(paced(optionsFor(config, deps), deps.ownPace));
    return route53Solver(config, { client, clock: deps.clock });
  },
} satisfies SolverPlugin;

function optionsFor({ roleArn, externalId }: Route53SolverConfig, deps: SolverDeps): ClientOptions {
  if (roleArn === undefined) return deps.aws;
  return deps.inRole({ roleArn, ...(externalId !== undefined && { externalId }) });
}
