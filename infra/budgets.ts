import type { BundleName } from '#functions/names.ts';

/**
 * Bytes that each bundle may have, a little above what it has: what is loaded before the first line runs is
 * paid for at every cold start (docs/performance.md). The goals are 900,000 for issue, 530,000 for deploy, which
 * knows how load balancers choose, and 500,000 for the others.
 */
export const budgetBytes: Readonly<Record<BundleName, number>> = {
  check: 412_000,
  issue: 899_000,
  deploy: 530_000,
  verify: 458_000,
  sync: 368_000,
  alert: 370_000,
  challenge: 296_000,
};
