import type { BundleName } from '#shared/installation.ts';

/**
 * The bytes that each function may load before its first line runs: `index.mjs` and its static imports, a little above the
 * present size. Every cold start pays for them (docs/performance.md). The goals are 900,000 for issue, 718,000 for
 * check, and 700,000 for the others.
 */
export const largestBundleBytes: Readonly<Record<BundleName, number>> = {
  check: 713_000,
  issue: 737_000,
  deploy: 699_900,
  verify: 634_000,
  sync: 475_000,
  alert: 509_000,
  challenge: 410_000,
  inside: 101_000,
};
