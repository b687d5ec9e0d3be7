import type { Budget } from '../pace.ts';

export const route53Budget: Budget = {
  perSecond: 5,
  burst: 30,
  reason:
    'Route 53 meters 10 requests a second and 50 at once for the whole account (DeveloperGuide/throttling-api-requests.html), and whatever else deploys there needs them too. An order costs about ten.',
};
