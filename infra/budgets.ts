import type { BundleName } from '#functions/names.ts';

/**
 * Bytes that each bundle may have, a little above what it has: what is loaded before the first line runs is
 * paid for at every cold start (docs/performance.md). The goals are 900,000 for issue, 500,000 for the others.
 */
export const budgetBytes: Readonly<Record<BundleName, number>> = {
  check: 375_000,
  issue: 863_000,
  deploy: 492_000,
  verify: 425_000,
  sync: 365_000,
  alert: 368_000,
  challenge: 296_000,
};
