import type { BundleName } from '#functions/names.ts';

/**
 * Bytes that each bundle may have, a little above what it has: what is loaded before the first line runs is
 * paid for at every cold start (docs/performance.md). The goals are 920,000 for issue, 550,000 for deploy, which
 * knows how load balancers choose, and 500,000 for the others.
 */
export const budgetBytes: Readonly<Record<BundleName, number>> = {
  check: 426_000,
  issue: 913_000,
  deploy: 547_000,
  verify: 468_000,
  sync: 376_500,
  alert: 380_000,
  challenge: 328_000,
};
