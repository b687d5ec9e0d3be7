import { permissionNames as names } from '#shared/installation.ts';
import { placeKey } from '#shared/place.ts';
import type { SolverFacts } from '../solver-plugin.ts';
import { listenerParts } from './listener-arn.ts';
import type { AlbHttp01Config } from './schema.ts';

export const albHttp01Facts = {
  challenge: 'http-01',
  requestsForValue: 1,
  rate: {
    perSecond: 3,
    burst: 20,
    reason:
      'Elastic Load Balancing takes 3 changes and 10 requests a second, 20 and 40 at once, of an account and region (userguide/elb-api-throttling.html). An order costs eight, and two more for each further name.',
  },
  rateOwner({ listener }: AlbHttp01Config) {
    return placeKey(listenerParts(listener));
  },
  permissionValues(config: AlbHttp01Config) {
    const { account, rules } = listenerParts(config.listener);
    const isPermanent = config.rule === 'permanent';
    return {
      ruledListener: isPermanent ? [] : [config.listener],
      listenerRules: isPermanent ? [] : [rules],
      permanentListener: isPermanent ? [config.listener] : [],
      listenerRole: [`arn:{partition}:iam::${account}:role/${names.listenerRole}`],
    };
  },
} as const satisfies SolverFacts;
