import type { Budget } from './pace.ts';
import type { SolverConfig } from './specs.ts';

/** What certkeep takes of each service's rate; the rest belongs to whoever else works there. */
export const budgets = {
  route53: {
    perSecond: 5,
    burst: 30,
    reason:
      'Route 53 meters 10 requests a second and 50 at once for the whole account (DeveloperGuide/throttling-api-requests.html). An order costs about ten.',
  },
  cloudflare: {
    perSecond: 2,
    burst: 50,
    reason:
      'Cloudflare takes 1,200 requests in five minutes of a user, 4 a second, and blocks for five minutes whoever sends more (fundamentals/api/reference/limits). An order costs five.',
  },
  alidns: {
    perSecond: 10,
    burst: 30,
    reason:
      'Alibaba Cloud DNS takes 60 additions and 60 removals a second of an account (api-alidns-2015-01-09-quota). An order costs five.',
  },
  dnspod: {
    perSecond: 10,
    burst: 20,
    reason:
      'DNSPod takes 20 listings of zones and 100 of records a second (document/api/1157/49025). An order costs five.',
  },
  'alb-http01': {
    perSecond: 3,
    burst: 20,
    reason:
      'Elastic Load Balancing takes 3 changes and 10 requests a second, 20 and 40 at once, of an account and region (userguide/elb-api-throttling.html). An order costs eight, and two more for each further name.',
  },
} as const satisfies Record<SolverConfig['type'], Budget>;
