import { paced } from '#shared/aws/clients.ts';
import type { CreateDeps, SolverPlugin } from '../solver-plugin.ts';
import { albHttp01Solver } from './alb-http01.ts';
import { awsRulesClient } from './client.ts';
import { httpGet } from './http-get.ts';
import { listenerParts } from './listener-arn.ts';
import { permanentSolver } from './permanent.ts';
import type { AlbHttp01Config } from './schema.ts';

export const plugin = {
  create(config: AlbHttp01Config, deps: CreateDeps) {
    const { listener, rule } = config;
    const client = awsRulesClient(paced(deps.atListener(listenerParts(listener)), deps.ownPace));
    const shared = { listener, client, get: httpGet, clock: deps.clock };
    return rule === 'permanent'
      ? permanentSolver({ ...shared, objects: deps.objects })
      : albHttp01Solver({ ...shared, installation: deps.installation });
  },
} satisfies SolverPlugin;
