import type { BundleName } from '#shared/installation.ts';

/**
 * Bytes that each function may load before its first line runs, `index.mjs` and all that it imports statically, a little above what
 * it has: they are paid for at every cold start (docs/performance.md). The goals are 900,000 for issue and 700,000 for the others.
 */
export const budgetBytes: Readonly<Record<BundleName, number>> = {
  check: 585_000,
  issue: 690_000,
  deploy: 665_000,
  verify: 585_000,
  sync: 452_000,
  alert: 455_000,
  challenge: 402_000,
};
