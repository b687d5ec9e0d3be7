import type { BundleName } from '#shared/installation.ts';

/**
 * The bytes that each function may load before its first line runs: `index.mjs` and its static imports, a little above the
 * present size. Every cold start pays for them (docs/performance.md). The goals are 900,000 for issue, 718,000 for
 * check, and 700,000 for the others.
 */
export const largestBundleBytes: Readonly<Record<BundleName, number>> = {
  check: 707_500,
  issue: 737_000,
  deploy: 703_000,
  verify: 637_000,
  sync: 473_000,
  alert: 509_000,
  challenge: 410_000,
  inside: 99_500,
};
