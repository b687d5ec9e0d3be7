import type { BundleName } from '#shared/installation.ts';

/**
 * The bytes that each function may load before its first line runs: `index.mjs` and its static imports, a little above the
 * present size. Every cold start pays for them (docs/performance.md). The goals are 900,000 for issue, 710,000 for
 * check, and 700,000 for the others.
 */
export const largestBundleBytes: Readonly<Record<BundleName, number>> = {
  check: 709_000,
  issue: 718_000,
  deploy: 685_000,
  verify: 611_000,
  sync: 471_000,
  alert: 497_000,
  challenge: 406_000,
};
