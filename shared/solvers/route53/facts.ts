import type { SolverFacts } from '../solver-plugin.ts';
import type { Route53SolverConfig } from './schema.ts';

export const route53Facts = {
  challenge: 'dns-01',
  // Counts as if each name had its own zone: two lookups of the zone, one for the order, one change, and one question
  // whether it is in sync.
  requestsForValue: 5,
  rate: {
    perSecond: 5,
    burst: 30,
    reason:
      'Route 53 meters 10 requests a second and 50 at once for the whole account (DeveloperGuide/throttling-api-requests.html). An order costs about ten.',
  },
  rateOwner({ roleArn }: Route53SolverConfig) {
    return roleArn?.split(':')[4] ?? null;
  },
  permissionValues(config: Route53SolverConfig) {
    // A solver without a zone id writes to the zone that holds the name.
    const zone = config.hostedZoneId ?? '*';
    const isElsewhere = config.roleArn !== undefined;
    return {
      zone: isElsewhere ? [] : [zone],
      followedZone: !isElsewhere && config.cnameStrategy === 'follow' ? [zone] : [],
      role: config.roleArn === undefined ? [] : [config.roleArn],
      roleName: config.roleArn === undefined ? [] : [config.roleArn.replace(/^.*:role\//, '')],
    };
  },
} as const satisfies SolverFacts;
