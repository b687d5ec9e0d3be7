import type { Consistency } from 'local-cloud/cloud.ts';

/** How long a change takes until all of AWS knows it. */
export const consistency: Consistency = {
  route53InsyncMs: 1_500,
  balancerSpreadMs: [300, 1_200],
  replicationMs: 1_000,
  acmListLagMs: 500,
  acmInUseByLagMs: 500,
  elbCertificateLagMs: 700,
  domainUpdatingMs: { regional: 1_200, edge: 2_000 },
  cloudfrontDeployMs: 4_000,
};
