import type { BundleName } from '#functions/names.ts';

/**
 * Bytes that each bundle may have, a little above what it has: what is loaded before the first line runs is
 * paid for at every cold start (docs/performance.md). The goals are 900,000 for issue, 550,000 for deploy, which
 * knows how load balancers choose, and 500,000 for the others.
 */
export const budgetBytes: Readonly<Record<BundleName, number>> = {
  check: 420_000,
  issue: 915_000,
  deploy: 565_000,
  verify: 467_000,
  sync: 376_000,
  alert: 377_000,
  challenge: 328_000,
};
